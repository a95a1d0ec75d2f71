"""Public architectures as specs, each beside the same model written by hand in Keras: tests/architectures/."""

from __future__ import annotations

import ast
from contextlib import nullcontext
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import keras
import numpy as np
import pytest

import specc
from specc.backends.python.graph import as_graph
from specc.backends.python.source import source
from tests.support.canonical import same, weightless, weights_as_called
from tests.support.draws import LONGER
from tests.support.emitted import run

FOLDER = Path(__file__).parent / "architectures"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))


def reference(name: str) -> ModuleType:
    return import_module(f"tests.architectures.{name}")


@pytest.mark.parametrize("name", NAMES)
def test_spec_is_the_reference(name: str) -> None:
    """The same graph, and with equal weights the same results; the emitted source has the spec's form and makes it too.

    Where ``EQUAL`` says how the reference is another graph, the results are the same.
    """
    spec, theirs = FOLDER / f"{name}.yaml", reference(name)
    assert specc.check(spec, set=theirs.SMALL) == []
    by_hand = theirs.build(**theirs.SMALL)
    ours = specc.build(spec, set=theirs.SMALL)
    if hasattr(theirs, "EQUAL"):
        with pytest.raises(AssertionError):
            same(ours, by_hand)
    else:
        same(ours, by_hand)
    give(ours, by_hand)
    for batch in (1, 3):
        given = inputs(ours, batch)
        for one, other in zip(*(keras.tree.flatten(model(given)) for model in (ours, by_hand)), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5)
    graph = specc.compile(spec, set=theirs.SMALL)
    text = source(graph)
    assert text != as_graph.source(graph), "the source has not the spec's form"
    with nullcontext() if ours.compiled else weightless():  # an optimizer has weights
        same(run(text), ours)


def give(ours: Any, by_hand: Any) -> None:
    """Give both the same weights. Vectors, which are zeros and ones at first, get others: a bias in a wrong place shows."""
    generator = np.random.default_rng(0)
    for one, other in zip(weights_as_called(ours), weights_as_called(by_hand), strict=True):
        if len(other.shape) == 1:
            other.assign(generator.uniform(0.5, 1.5, other.shape))
        one.assign(np.reshape(other, one.shape))


def inputs(model: Any, batch: int) -> Any:
    """Data for a model: numbers from 0 to 1, or whole numbers where it takes those."""
    generator = np.random.default_rng(batch)
    given = [
        generator.integers(0, 4, shape) if "int" in dtype else generator.random(shape, dtype="float32")
        for shape, dtype in (((batch, *(size or 5 for size in it.shape[1:])), it.dtype) for it in model.inputs)
    ]
    return given if len(given) > 1 else given[0]


@pytest.mark.parametrize("name", NAMES)
def test_spec_has_the_published_size(name: str) -> None:
    """The trained parameters at full size round to the published number; a note says why where they do not."""
    theirs = reference(name)
    graph = specc.compile(FOLDER / f"{name}.yaml")
    if LONGER:
        with nullcontext() if graph.graph.training else weightless():  # an optimizer has weights
            ours, by_hand = specc.build(FOLDER / f"{name}.yaml"), theirs.build()
        assert by_hand.count_params() == graph.params
        if not hasattr(theirs, "EQUAL"):
            same(ours, by_hand)
    published = getattr(theirs, "PUBLISHED", None)
    if published is not None and not hasattr(theirs, "NOTE"):
        number, unit = published[:-1], {"K": 1e3, "M": 1e6}[published[-1]]
        assert f"{graph.trainable_params / unit:.{len(number.partition('.')[2])}f}" == number


def test_vars_are_those_of_the_reference() -> None:
    """A spec's vars and ``build``'s parameters have the same names, order and defaults."""
    for name in NAMES:
        tree = ast.parse((FOLDER / f"{name}.py").read_text())
        build = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "build")
        defaults = [ast.literal_eval(node) for node in build.args.defaults]
        given = {argument.arg: default for argument, default in zip(build.args.args, defaults, strict=True)}
        written = specc.Spec.from_file(FOLDER / f"{name}.yaml").document.data.get("vars", {})
        assert keras.tree.map_structure(str, plain(written)) == keras.tree.map_structure(str, plain(given))
        assert list(written) == list(given)


def plain(data: Any) -> Any:
    """Lists for tuples, and the default alone of a var that has a description."""
    if isinstance(data, dict):
        if set(data) == {"default", "description"}:
            return data["default"]
        return {key: plain(value) for key, value in data.items()}
    return [plain(item) for item in data] if isinstance(data, list | tuple) else data
