"""What an item becomes in its scope before anything is known of its layer."""

from __future__ import annotations

import specc
from tests.support.checking import spec


def test_automatic_names_are_counted_in_each_scope() -> None:
    text = """
        blocks: {b: {inputs: [i], layers: [{type: Dense, units: 2}, {type: ReLU, name: o}], outputs: [o]}}
        layers:
          - {type: Input, name: x, shape: [2]}
          - {type: Dense, name: d, units: 2}
          - {type: Dense, units: 2}
          - {share: d}
          - b
          - {type: MaxPool1D, pool_size: 1, when: false}
          - {type: Dense, units: 2}
    """
    graph = specc.compile(spec(text))
    assert list(graph.nodes) == ["x", "d", "dense", "d_call", "b.dense", "b.o", "dense_1"]
    assert [name for name, node in graph.nodes.items() if not node.named] == ["dense", "d_call", "b.dense", "dense_1"]
