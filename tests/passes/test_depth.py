"""How deep Keras recurses when it loads a model, compared with Keras."""

from __future__ import annotations

from typing import Any

import pytest

import specc
from specc.passes.depth import depth
from tests.support.checking import spec

BLOCK = "{{inputs: [x], layers: [{{type: ReLU, name: a, from: x, repeat: 3}}, {{type: Add, name: sum, from: {order}}}], outputs: [sum]}}"


SPECS = {
    "a chain": ("layers: [{type: Input, name: x, shape: [4]}, {type: ReLU, name: r, repeat: 5}]", 6),
    "the long way first": (
        f"blocks: {{b: {BLOCK.format(order='[a, x]')}}}\nlayers: [{{type: Input, name: x, shape: [4]}}, {{type: b, name: b, repeat: 5}}]",
        21,
    ),
    "the short way first": (
        f"blocks: {{b: {BLOCK.format(order='[x, a]')}}}\nlayers: [{{type: Input, name: x, shape: [4]}}, {{type: b, name: b, repeat: 5}}]",
        9,
    ),
    "side by side": (
        "layers: [{type: Input, name: x, shape: [4]}, {type: ReLU, name: r, from: x, each: {k: [1, 2, 3]}}, {type: Add, name: y, from: r}]",
        2,
    ),
    "a nested model is one layer": (
        f"blocks: {{b: {BLOCK.format(order='[x, a]')}}}\nlayers: [{{type: Input, name: x, shape: [4]}}, {{type: b, name: b, nested: true}}, ReLU]",
        2,
    ),
    "several outputs and a shared layer": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: d, units: 4}
          - {share: d, name: e, from: d}
          - {type: ReLU, name: r, from: e}
          - {type: ReLU, name: s, from: d}
        outputs: [s, r]
        """,
        2,
    ),
}


@pytest.mark.parametrize(("text", "expected"), SPECS.values(), ids=SPECS)
def test_depth_is_that_of_keras(text: str, expected: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from keras.src.ops import function

    graph = specc.compile(spec(text)).graph
    assert depth(graph) == expected
    walk = function._build_map_helper
    within, deepest = 0, [0]

    def counted(*arguments: Any) -> None:
        nonlocal within
        within += 1
        deepest.append(within)
        walk(*arguments)
        within -= 1

    model = specc.build(spec(text), form="functional")
    monkeypatch.setattr(function, "_build_map_helper", counted)
    function.map_graph(model.inputs, model.outputs)
    assert max(deepest) - 1 == expected, "but for the Input"
