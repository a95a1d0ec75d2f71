"""What the outputs of a spec are called."""

from __future__ import annotations

import pytest

import specc

BLOCK = """
blocks:
  head:
    args: {units: null}
    inputs: [x]
    layers: [{type: Dense, name: score, units: $units}, {type: ReLU, name: out}]
    outputs: [out]
layers:
  - {type: Input, name: x, shape: [4]}
"""


def names(text: str) -> list[str]:
    return [output.name for output in specc.compile(specc.Spec.from_text(BLOCK + text)).graph.outputs]


@pytest.mark.parametrize(
    "item",
    [
        "{type: Dense, name: y, units: $n, each: {n: [3, 5]}, from: x}",
        "{type: head, name: y, units: $n, each: {n: [3, 5]}, from: x}",
        "{type: head, name: y, units: $n, each: {n: [3, 5]}, from: x, nested: true}",
    ],
)
@pytest.mark.parametrize("outputs", ["[y]", "[y_1, y_2]"])
def test_copies_side_by_side(item: str, outputs: str) -> None:
    """Layers, block instances and nested models alike: as the copies are called."""
    assert names(f"  - {item}\noutputs: {outputs}\n") == ["y_1", "y_2"]


@pytest.mark.parametrize("kind", ["Dense", "head"])
def test_one_copy_is_called_as_it_would_be_among_several(kind: str) -> None:
    item = f"{{type: {kind}, name: y, units: $n, each: {{n: [3]}}, from: x}}"
    assert names(f"  - {item}\noutputs: [y]\n") == ["y_1"]
    assert names(f"  - {item}\noutputs: {{label: y}}\n") == ["label"]


def test_members_and_ports() -> None:
    item = "{type: head, name: y, units: 3, repeat: 2}"
    assert names(f"  - {item}\noutputs: [y, y_1.score, y.out]\n") == ["y", "y_1.score", "y.out"]


@pytest.mark.parametrize(("items", "name", "output"), [
    ("  - {type: head, name: price, units: 1}\n", "price", "price.out"),
    ("  - {type: head, name: price, units: 4, repeat: 2}\n", "price", "price_2.out"),
    ("  - {type: Dense, name: price, units: 1, repeat: 3}\n", "price", "price_3"),
])  # fmt: skip
def test_an_item_stands_for_its_only_output(items: str, name: str, output: str) -> None:
    training = f"compile: {{loss: {{{name}: mse}}, metrics: {{{name}: [mae]}}, loss_weights: {{{name}: 2}}}}\n"
    graph = specc.compile(specc.Spec.from_text(BLOCK + items + training)).graph
    assert graph.training is not None
    assert (graph.training.loss, graph.training.loss_weights) == ({output: "mse"}, {output: 2.0})
    wrong = training.replace("mse", "sparse_categorical_crossentropy") + f"expect: {{outputs: {{{name}: [null, 9]}}}}\n"
    found = specc.check(specc.Spec.from_text(BLOCK + items + wrong))
    assert found[0].path == ("expect", "outputs", name)


def test_an_item_with_two_outputs_stands_for_none() -> None:
    text = "  - {type: Dense, name: y, units: $n, each: {n: [3, 5]}, from: x}\ncompile: {loss: {y: mse}}\n"
    assert specc.check(specc.Spec.from_text(BLOCK + text))[0].code == "unknown-output"
