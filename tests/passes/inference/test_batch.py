"""What runs for only a few batch sizes, or for few of the other sizes that are left open; and what is written instead."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml

import specc
from specc import layers
from specc.calls import FLOAT32, Weight
from specc.diagnostics.problem import RuleError
from specc.layers.base import Layer
from specc.passes.inference.batch import Filled, keeps_apart
from specc.shapes import Shape, Tensor
from tests.support.checking import codes, said, spec

TWO = "layers: [{{type: Input, name: a, shape: {}}}, {{type: Input, name: b, shape: {}}}, {}]"


def one_of(text: str) -> tuple[str, str, str | None]:
    """Severity, message and help of the one diagnostic of a spec."""
    (found,) = specc.check(spec(text))
    return found.severity, found.message, found.help


REFUSED = {
    "a reduction without its axis": (
        "layers: [{type: Input, name: x, shape: [12, 8]}, {type: ops.max, name: m, axis: 1}, {type: ops.divide, name: o, from: [x, m]}]",
        "'o' (ops.divide) runs for a batch of 1 or 12 only: it cannot broadcast (batch, 12, 8) and (batch, 8)",
        "set keepdims: true on 'm', or put {type: Reshape, target_shape: [1, 8]} after 'm'",
    ),
    "weights of the steps": (
        TWO.format("[12, 8]", "[12]", "{type: ops.multiply, name: o, from: [a, b]}"),
        None,
        None,
    ),
    "a condition": (
        "layers: [{type: Input, name: c, shape: [4], dtype: bool}, {type: Input, name: x, shape: [6, 4]}, {type: ops.where, name: o, from: {condition: c, x1: x}, x2: 0.0}]",
        "'o' (ops.where) runs for a batch of 1 or 6 only: it cannot broadcast (batch, 4) and (batch, 6, 4)",
        "put {type: Reshape, target_shape: [1, 4]} after 'c'",
    ),
    "a shape without a batch axis": (
        "layers: [{type: Input, name: x, shape: [8]}, {type: ops.reshape, name: o, newshape: [2, 4]}]",
        "'o' (ops.reshape) runs for a batch of 1 only: it cannot reshape (batch, 8) to (2, 4)",
        "write newshape: [-1, 2, 4], where -1 means the batch axis",
    ),
    "a shape with a batch of one": (
        "layers: [{type: Input, name: x, shape: [8]}, {type: ops.reshape, name: o, newshape: [1, 2, 4]}]",
        "'o' (ops.reshape) runs for a batch of 1 only: it cannot reshape (batch, 8) to (1, 2, 4)",
        "write newshape: [-1, 2, 4], where -1 means the batch axis",
    ),
    "stretched to a batch": (
        "layers: [{type: Input, name: x, shape: [1, 4]}, {type: ops.broadcast_to, name: o, shape: [6, 3, 4]}]",
        "'o' (ops.broadcast_to) runs for a batch of 1 only: it cannot broadcast (batch, 1, 4) to (6, 3, 4)",
        "it fixes the batch axis; {type: ops.tile, repeats: [1, 3, 1]} does not",
    ),
    "the batch over an open axis": (
        TWO.format("[8]", "[null, 8]", "{type: ops.add, name: o, from: [a, b]}"),
        "'o' (ops.add) runs only where an open size is that of the batch: it cannot broadcast (batch, 8) and (batch, n, 8)",
        "put {type: Reshape, target_shape: [1, 8]} after 'a', or use the layer Add",
    ),
    "inside of a nested model": (
        """
        blocks:
          b: {inputs: [x], layers: [{type: ops.reshape, name: r, newshape: [2, 4], from: x}], outputs: [r]}
        layers: [{type: Input, name: x, shape: [8]}, {type: b, name: o, nested: true}]
        """,
        "'o' (b) runs for a batch of 1 only: it has a layer inside that fails: 'r' (ops.reshape) cannot reshape (batch, 8) to (2, 4)",
        "write newshape: [-1, 2, 4], where -1 means the batch axis",
    ),
}


@pytest.mark.parametrize(("text", "message", "help"), REFUSED.values(), ids=REFUSED)
def test_refused(text: str, message: str | None, help: str | None) -> None:
    if message is None:  # already without numbers
        assert codes(text) == ["shape-mismatch"]
    else:
        assert one_of(text) == ("error", message, help)


WARNED = {
    "a batch less a column": (
        TWO.format("[1]", "[]", "{type: ops.subtract, name: o, from: [a, b]}"),
        "mixed-batch: 'o' (ops.subtract) computes with every two examples of a batch: (None, 1) and (None,) have their batch axes in different places",
    ),
    "a row times matrices": (
        TWO.format("[4]", "[4, 5]", "{type: ops.matmul, name: o, from: [a, b]}"),
        "mixed-batch: 'o' (ops.matmul) computes with every two examples of a batch: (None, 4) and (None, 4, 5) have their batch axes in different places",
    ),
    "a mean over the batch": (
        "layers: [{type: Input, name: x, shape: [4]}, {type: ops.mean, name: o, axis: 0}]",
        "mixed-batch: 'o' (ops.mean) has 4 rows for a batch of 3: as an output it needs one row for each example",
    ),
    "a number": (
        "layers: [{type: Input, name: x, shape: [4]}, {type: ops.sum, name: o}]",
        "mixed-batch: 'o' (ops.sum) is one number for a batch of 3: as an output it needs one row for each example",
    ),
    "joined along the batch": (
        TWO.format("[5]", "[5]", "{type: ops.concatenate, name: o, from: [a, b]}"),
        "mixed-batch: 'o' (ops.concatenate) has 6 rows for a batch of 3: as an output it needs one row for each example",
    ),
    "halves of a batch": (
        "layers: [{type: Input, name: x, shape: [4]}, {type: ops.split, name: o, indices_or_sections: 2}, {type: ops.concatenate, name: p, from: [o.1, o.0]}]",
        "open-size: 'o' (ops.split) runs for only a few batch sizes: it cannot split axis 0 of (batch, 4) into 2 equal parts",
    ),
    "an open size beside a known one": (
        TWO.format("[null, 8]", "[5, 8]", "{type: Add, name: o, from: [a, b]}"),
        "open-size: 'o' (Add) runs for only a few of the sizes that are left open: it cannot add (batch, n, 8) and (batch, 5, 8)",
    ),
    "squeezed everywhere": (
        "layers: [{type: Input, name: x, shape: [1, 4]}, {type: ops.squeeze, name: o}]",
        "open-size: 'o' (ops.squeeze) removes the batch axis of a single example too when it runs",
    ),
}


@pytest.mark.parametrize(("text", "message"), WARNED.values(), ids=WARNED)
def test_warned(text: str, message: str) -> None:
    assert [line.split(" ", 1)[1] for line in said(text)] == [message]
    assert not any(found.severity == "error" for found in specc.check(spec(text)))


@pytest.mark.parametrize(
    "text",
    [
        TWO.format("[8]", "[8]", "{type: ops.add, name: o, from: [a, b]}"),
        TWO.format("[8, 8]", "[8]", "{type: Multiply, name: o, from: [a, b]}"),
        TWO.format("[8, 8]", "[1, 8]", "{type: ops.add, name: o, from: [a, b]}"),
        TWO.format("[null, 8]", "[null, 8]", "{type: ops.add, name: o, from: [a, b]}"),
        TWO.format("[4]", "[4]", '{type: ops.einsum, name: o, subscripts: "ai,bi->ab", from: [a, b]}'),
        "layers: [{type: Input, name: x, shape: [8]}, {type: ops.mean, name: m, axis: 0}, {type: ops.subtract, name: o, from: [x, m]}]",
        "layers: [{type: Input, name: x, shape: [8]}, {type: ops.transpose, name: t}, {type: ops.matmul, name: o, from: [x, t]}]",
        "layers: [{type: Input, name: x, batch_size: 1, shape: [8]}, {type: ops.reshape, name: o, newshape: [2, 4]}]",
        "layers: [{type: Input, name: x, shape: [8]}, {type: Input, name: c, batch_shape: [8, 8]}, {type: ops.multiply, name: o, from: [x, c]}]",
        "layers: [{type: Input, name: x, shape: [null, 8]}, {type: Conv1D, name: c, filters: 8, kernel_size: 2, strides: 2, padding: same}, {type: UpSampling1D, name: u}, {type: Add, name: o, from: [x, u]}]",
        "layers: [{type: Input, name: x, shape: [null, 8]}, {type: ops.reshape, name: o, newshape: [-1, 8]}, {type: ops.get_item, name: p, key: 0, from: x}, {type: ops.matmul, name: q, from: [o, p]}, {type: Dense, name: d, units: 1, from: x}]\noutputs: [d]\n",
        # as many numbers, for the batches that are tried, that nothing is said of them
        "layers: [{type: Input, name: x, shape: [8, 64]}, {type: ops.diagflat, name: a}, {type: ops.diagflat, name: b}, {type: ops.nancumsum, name: y}]",
    ],
)
def test_what_runs_for_every_size_is_accepted(text: str) -> None:
    assert [found for found in said(text) if "unused" not in found] == []


def test_all_are_told_at_once() -> None:
    """Those of copies too; each batch size is tried once for all of them."""
    text = """
        layers:
          - {type: Input, name: x, shape: [6, 8]}
          - {type: ops.mean, name: m, axis: 1, from: x}
          - {type: ops.subtract, name: s, from: [x, m]}
          - {type: ops.reshape, name: r, newshape: [48], from: x}
        outputs: [s, r]
    """
    assert said(text) == [
        "4:41 batch-axis: 's' (ops.subtract) runs for a batch of 1 or 6 only: it cannot broadcast (batch, 6, 8) and (batch, 8)",
        "5:44 batch-axis: 'r' (ops.reshape) runs for a batch of 1 only: it cannot reshape (batch, 6, 8) to (48,)",
    ]


def test_where_each_call_keeps_examples_apart_a_walk_finds_nothing() -> None:
    """Of the example specs, all do; what one call gives is then what the walk gives it."""
    for path in sorted((Path(__file__).parent.parent.parent.parent / "specs").iterdir()):
        graph = specc.compile(path)
        assert keeps_apart(graph, 89), path
        walked = Filled(graph, 89).walk()
        assert (walked.errors, walked.narrow, walked.mixing) == ({}, {}, []), path
        assert all(walked.tensors[output.ref.node][output.ref.port].shape[0] == 89 for output in graph.graph.outputs)


HANDS_ON = [name for name in layers.names() if (layers.find(name) or Layer).any_batch]


def results(layer: Any, shape: Shape, dtype: str) -> tuple[list[Tensor], list[Weight]] | None:
    """What a layer gives and builds for a tensor whose mask covers the first two axes; None where it refuses it."""
    try:
        call = layer.call({layer.tensors[0].name: Tensor(shape, dtype, mask=shape[:2])}, {}, FLOAT32)
        return list(layer.infer(call)), list(layer.weights(call))
    except RuleError:
        return None


def with_batch(tensor: Tensor, batch: int) -> Tensor:
    mask = None if tensor.mask is None else (batch, *tensor.mask[1:])
    return tensor._replace(shape=(batch, *tensor.shape[1:]), mask=mask)


@pytest.mark.parametrize("name", HANDS_ON)
def test_what_hands_the_batch_on_gives_for_every_batch_what_it_gives_for_an_open_one(name: str) -> None:
    """With the arguments of its example, along each axis that it may have, of tensors of each rank."""
    cls = layers.find(name)
    assert cls is not None
    (item,) = (it for it in yaml.safe_load(cls.example)["layers"] if it == name or it["type"] == name)
    given = {} if item == name else {key: value for key, value in item.items() if key not in ("type", "name", "from")}
    axes = [{key: value} for key in ("axis", "shared_axes") if key in cls.model_fields for value in (0, 1, -1, [1, 2])]
    compared = 0
    for layer in filter(None, (cls.parse(given | arguments)[0] for arguments in ({}, *axes))):
        for shape, dtype in product([(6, 6, 6, 6)[:rank] for rank in range(5)], ["float32", "int32"]):
            found = results(layer, (None, *shape), dtype)
            if found is not None:
                outputs, weights = found
                for batch in (1, 6, 7, 840):
                    filled = [with_batch(output, batch) for output in outputs]
                    assert results(layer, (batch, *shape), dtype) == (filled, weights)
                    compared += 1
    assert compared
