"""Sources in the form of their specs: the model that each builds, with the values of the spec and with others."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

import specc
from specc.backends.python.graph import as_graph
from specc.backends.python.program import as_program
from specc.backends.python.reading.expressions import Unwritable
from specc.backends.python.rehearsal import makes_the_same
from tests.support.checking import spec
from tests.support.draws import times
from tests.support.random_specs import random_spec

FOLDER = Path(__file__).parents[4] / "specs"
COMPARED = sorted(Path(__file__).parents[1].joinpath("compared").glob("*.yaml"))
EXAMPLES = Path(specc.__file__).parent / "std/examples"
OTHER_VALUES: dict[str, dict[str, Any]] = {
    "mixture_of_experts": {"experts": 3, "classes": [4, 2, 3]},
    "resnet_small": {"depth": 1, "width": 8},
    "seq2seq_attention": {"width": 16, "source_words": 9},
    "siamese": {"width": 8, "size": 32},
    "unet": {"depth": 2, "width": 4},
    "vision_transformer": {"size": 32, "depth": 2, "patch": 8, "width": 48, "heads": 3},
}


@pytest.mark.parametrize("name", OTHER_VALUES)
def test_vars_are_parameters(name: str) -> None:
    import keras

    from tests.support.emitted import all_of, run

    data = specc.Spec.from_file(FOLDER / f"{name}.yaml").document.data
    data = {key: value for key, value in data.items() if key != "expect"}
    source = as_program.source(specc.compile(data))
    keras.utils.clear_session(free_memory=False)
    expected = all_of(specc.build(data, set=OTHER_VALUES[name]))
    keras.utils.clear_session(free_memory=False)
    assert all_of(run(source, **OTHER_VALUES[name])) == expected


@pytest.mark.parametrize("folder", [FOLDER, EXAMPLES], ids=lambda folder: str(folder.name))
def test_every_spec_has_a_form(folder: Path) -> None:
    graphs = {path.name: specc.compile(path) for path in sorted(folder.glob("*.*"))}
    written = {name: as_program.source(graph) for name, graph in graphs.items()}
    for name, text in written.items():
        assert makes_the_same(text, as_graph.source(graphs[name]), graphs[name]), name


@pytest.mark.parametrize("path", [*sorted(FOLDER.glob("*.yaml")), *COMPARED], ids=lambda path: str(path.stem))
def test_other_values(path: Path) -> None:
    _is_right_with_other_values(path)


def test_other_values_of_random_specs() -> None:
    compared = sum(_is_right_with_other_values(random_spec(seed).spec) for seed in range(times(40)))
    assert compared > 10


def _is_right_with_other_values(given: Any) -> int:
    """Whether a source, with another value of each of its parameters, makes the model of the spec with that value.

    The number of values.
    """
    graph = specc.compile(given)
    try:
        source = as_program.source(graph)
        if not makes_the_same(source, as_graph.source(graph), graph):
            return 0
    except Unwritable:
        return 0
    (build,) = (it for it in ast.parse(source).body if isinstance(it, ast.FunctionDef) and it.name == "build_model")
    parameters = {it.arg for it in build.args.args}
    compared = 0
    for name, var in graph.graph.vars.items():
        other = _other(var.value)
        if name not in parameters or other is None:
            continue
        try:
            changed = specc.compile(given, set={name: other})
        except specc.CompileError:  # it is no value for this spec
            continue
        value = tuple(other) if isinstance(other, list) else other
        assert makes_the_same(source, as_graph.source(changed), changed, {name: value}), (name, other)
        compared += 1
    return compared


def _other(value: Any) -> Any:
    """Another value of the same kind; None if there is none that is likely to fit."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value * 2
    numbers = isinstance(value, list) and value and all(isinstance(it, int) for it in value)
    return [*value, value[-1]] if numbers else None


def test_a_var_that_decides_what_is_written_is_no_parameter() -> None:
    """Without ``extra``, the first layer would be an output, too."""
    text = """
    vars: {extra: true, units: 3}
    layers:
      - {type: Input, name: x, shape: [4]}
      - {type: Dense, name: a, units: $units}
      - {type: Dense, name: b, units: $units, from: x}
      - {type: Add, name: y, from: [a, b], when: $extra}
    """
    source = as_program.source(specc.compile(spec(text)))
    assert "def build_model(units=3) -> keras.Model:" in source


def test_values_of_a_variant_are_the_defaults() -> None:
    source = as_program.source(specc.compile(FOLDER / "gpt2_small.yaml", variant="tiny"))
    assert "vocabulary=1000, context=64, depth=2, width=64, heads=4, dropout=0.1" in source


def test_a_graph_without_a_spec_has_none() -> None:
    from tests.support.graphs import Item, typed

    with pytest.raises(Unwritable, match="a graph without a spec"):
        as_program.source(typed("m", Item("x", "Input", shape=(2,)), Item("y", "Dense", "x", units=2)))


def test_variants_are_arguments() -> None:
    text = """
    vars: {width: 4, depth: 2, wide: $(2 * width)}
    variants: {tiny: {width: 2}, large: {width: 8, depth: 3}}
    layers: [{type: Input, name: x, shape: [4]}, {type: Dense, name: y, units: $wide, repeat: $depth}]
    """
    source = as_program.source(specc.compile(spec(text)))
    start, end = source.index("# Other"), source.index("    return")
    assert (
        source[start:end]
        == '''\
# Other values, as in build_model(**VARIANTS["tiny"])
VARIANTS = {"tiny": {"width": 2}, "large": {"width": 8, "depth": 3}}


def build_model(width=4, depth=2) -> keras.Model:
    """Build the model."""
    wide = 2 * width
'''
    )
    chosen = as_program.source(specc.compile(spec(text), variant="tiny"))
    assert "VARIANTS" not in chosen
