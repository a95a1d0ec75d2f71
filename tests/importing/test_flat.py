"""A model as a spec in which each call is an item."""

from __future__ import annotations

from textwrap import dedent

import pytest

from specc.importing.flat import spec_of
from specc.printing import yaml_text
from tests.support.importing import model

SPECS = {
    "chains, joins and outputs": """
        name: chains
        dtype_policy: mixed_float16
        layers:
          - {type: Input, name: x, shape: [4, 4, 3]}
          - {type: Conv2D, name: stem, filters: 3, kernel_size: 3, padding: same}
          - BatchNormalization
          - {type: ReLU, name: body}
          - {type: Add, name: sum, from: [stem, body]}
          - {type: ops.mean, name: mean, axis: [1, 2]}
          - {type: Conv2D, name: side, filters: 2, kernel_size: 1, from: body}
        outputs: {first: mean, second: side}
        """,
    "masks are left to the layers": """
        name: masks
        layers:
          - {type: Input, name: words, shape: [5], dtype: int32}
          - {type: Embedding, input_dim: 9, output_dim: 4, mask_zero: true}
          - {type: LSTM, units: 3, call: {training: true}}
        """,
    "shared layers and ports": """
        name: shared
        layers:
          - {type: Input, name: a, shape: [4]}
          - {type: Input, name: b, shape: [4]}
          - {type: Dense, name: twice, units: 4, from: a}
          - {type: Reshape, name: others, target_shape: [2, 2]}
          - {share: twice, name: twice_1, from: b}
          - {type: Reshape, name: steps, target_shape: [2, 2]}
          - {type: LSTM, name: lstm, units: 2, return_sequences: true, return_state: true}
          - {type: Attention, name: attend, from: [lstm, others], call: {use_causal_mask: true}}
          - {type: Flatten, name: flat}
        outputs: {flat: flat, state: lstm.state_h}
        """,
    "nested models, equal ones as one block": """
        name: nested
        blocks:
          half:
            inputs: [u]
            layers:
              - {type: Dense, name: v, units: 4}
            outputs: [v]
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: half, nested: true}
          - {type: half, name: again, nested: true}
          - {type: Add, from: [x, again]}
        """,
    "models in wrappers": """
        name: wrapped
        blocks:
          step:
            inputs: [u]
            layers:
              - {type: Dense, name: v, units: 2}
            outputs: [v]
        layers:
          - {type: Input, name: x, shape: [3, 4]}
          - {type: TimeDistributed, layer: step}
        """,
}


@pytest.mark.parametrize("text", SPECS.values(), ids=list(SPECS))
def test_a_spec_is_given_back_as_it_was_written(text: str) -> None:
    assert yaml_text(spec_of(model(text))) == dedent(text).lstrip("\n")
