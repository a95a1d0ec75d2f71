"""The table of other people's names: what it tells to write exists, and what it translates is no name of today."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from specc import layers, objects
from specc.arguments import Arguments, vocabulary
from specc.arguments.names import unknown_argument
from specc.arguments.values import takes
from specc.arguments.vocabulary import Word
from specc.diagnostics.problem import ProblemsError
from specc.diagnostics.suggest import fold
from specc.frontend.items import Item
from specc.frontend.references import Edge
from specc.frontend.schema import Block, BlockFile, Spec
from specc.passes.expect import KEYS
from specc.reading.yaml_reader import load
from specc.training import Training

ROWS = list(dict.fromkeys(row for by_name in vocabulary.table().values() for rows in by_name.values() for row in rows))
PARTS: dict[str, type[Arguments]] = {cls.__name__: cls for cls in (Spec, BlockFile, Block, Edge, Item, Training)}


def rows(*kinds: str) -> list[Any]:
    return [pytest.param(row, id=f"{row.names[0]}->{row.write}") for row in ROWS if row.kind in kinds]


def test_every_row_is_of_a_kind_that_is_looked_up() -> None:
    arguments = {f"{kind} argument" for kind in objects.MODULES}
    assert {row.kind for row in ROWS} <= {
        "layer",
        "operation",
        "call",
        "argument",
        "value",
        "inside",
        "key",
        *objects.MODULES,
    } | arguments
    assert len(ROWS) > 500


@pytest.mark.parametrize("row", rows("layer", "operation"))
def test_types(row: Word) -> None:
    target = load(row.write) if row.write else None
    given = {"type": target} if isinstance(target, str) else target or {"type": "Identity"}
    cls = layers.find(given["type"])
    assert cls is not None
    _, problems = cls.parse({key: item for key, item in given.items() if key != "type"})
    assert [problem for problem in problems if problem.code != "missing-argument"] == []
    prefix = "ops." if row.kind == "operation" else ""
    today = {fold(name) for name in (*layers.names(), *layers.ALIASES, *layers.REFUSED)}
    assert not today & {fold(prefix + name) for name in row.names}


@pytest.mark.parametrize("row", rows(*objects.MODULES))
def test_objects(row: Word) -> None:
    if row.write:
        try:
            objects.parse(row.kind, load(row.write))
        except ProblemsError as error:
            assert all(problem.code == "missing-argument" for problem in error.problems), error
    assert not {fold(name) for name in objects.spellings(row.kind)} & {fold(name) for name in row.names}


def classes(row: Word) -> Iterator[type[Arguments]]:
    """The classes that a row about an argument is about."""
    kind = row.kind.removesuffix(" argument")
    names = layers.names() if kind == "argument" else objects.main_names(kind)
    for name in names:
        cls = layers.find(name) if kind == "argument" else objects.find(kind, name)
        assert cls is not None
        if row.is_about(cls.keras_name()) and (not row.write or row.write in cls.argument_fields()):
            yield cls


@pytest.mark.parametrize("row", rows("argument", *(f"{kind} argument" for kind in objects.MODULES)))
def test_arguments(row: Word) -> None:
    """Each name leads from some class, which does not have it, to this row's help."""
    about = list(classes(row))
    for name in row.names:
        helps = [
            unknown_argument(cls, name, {name: 0.5}).help
            for cls in about
            if name not in cls.argument_fields() and name not in cls.refused
        ]
        assert row.help(name, 0.5) in helps, name


@pytest.mark.parametrize("row", rows("key"))
def test_keys(row: Word) -> None:
    assert row.of
    for part in row.of:
        fields = KEYS if part == "Expect" else list(PARTS[part].argument_fields())
        assert not row.write or row.write in fields
        assert not {fold(field) for field in fields} & {fold(name) for name in row.names}
        assert all(vocabulary.first("key", name, part) == row for name in row.names)


@pytest.mark.parametrize("row", rows("value"))
def test_values(row: Word) -> None:
    for argument in row.of:
        having: list[Any] = [
            cls for name in layers.names() if (cls := layers.find(name)) and argument in cls.argument_fields()
        ]
        losses = filter(None, (objects.find("loss", name) for name in objects.main_names("loss")))
        classes = [cls for cls in (*having, *losses) if argument in cls.argument_fields()]
        assert argument == "dtype_policy" or any(takes(cls, argument, row.write) for cls in classes)
        assert all(vocabulary.first("value", name, argument) == row for name in row.names)


@pytest.mark.parametrize("row", rows("inside", "call"))
def test_rows_about_how_classes_are_made(row: Word) -> None:
    from specc.arguments.kinds import layer_type

    for name in row.names:
        cls = layers.find(layer_type(name) or "")
        assert cls is not None, name
        first, *rest = row.write.split()
        if row.kind == "inside":
            assert first in cls.argument_fields()
            assert all(layers.find(kind) is not None for kind in rest)
        else:
            assert {first, *rest} - {"-"} <= cls.argument_fields().keys()
