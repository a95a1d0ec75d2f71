"""A nested model that is shared takes all the sizes that its layers can."""

from __future__ import annotations

import numpy as np

import specc
from tests.support.checking import said, spec

HEADS = """
    blocks:
      head:
        inputs: [x]
        layers:
          - {type: Conv2D, filters: 6, kernel_size: 3, padding: same}
          - {type: Reshape, name: flat, target_shape: [-1, 2]}
        outputs: [flat]
    layers:
      - {type: Input, name: image, shape: [16, 16, 4]}
      - {type: AveragePooling2D, name: half, pool_size: 2}
      - {type: AveragePooling2D, name: quarter, pool_size: [4, 2]}
      - {type: head, name: fine, nested: true, from: image}
      - {share: fine, name: middle, from: half}
      - {share: fine, name: coarse, from: quarter}
      - {type: Concatenate, name: all, axis: 1, from: [fine, middle, coarse]}
"""


def test_it_is_built_with_unknown_sizes_where_the_calls_differ() -> None:
    graph = specc.compile(spec(HEADS))
    assert graph.tensor(graph.graph.outputs[0].ref).shape == (None, 3 * (256 + 64 + 8), 2)
    model = specc.build(spec(HEADS), seed=0)
    head = model.get_layer("fine")
    assert (head.input_shape, model.output_shape) == ((None, None, None, 4), (None, 984, 2))
    assert model.count_params() == graph.params == head.count_params()
    image = np.random.default_rng(0).normal(size=(2, 16, 16, 4)).astype("float32")
    assert model.predict(image, verbose=0).shape == (2, 984, 2)


def test_sizes_that_decide_weights_must_be_equal() -> None:
    text = HEADS.replace(
        "name: flat, target_shape: [-1, 2]}", "target_shape: [-1]}\n          - {type: Dense, name: flat, units: 2}"
    )
    why = "where they differ no size is known, and 'flat' (Dense) needs a known size on axis -1 to size its kernel, got (None, None)"
    assert [line.split(" ", 1)[1] for line in said(text)] == [
        f"shape-mismatch: 'middle' (head) was built for (None, 16, 16, 4) at 'x' by an earlier call and cannot take (None, 8, 8, 4); {why}",
        f"shape-mismatch: 'coarse' (head) was built for (None, 16, 16, 4) at 'x' by an earlier call and cannot take (None, 2, 4, 4); {why}",
    ]
