"""The network that Keras makes of a graph: the order of its layers, and what it adds to their calls."""

from __future__ import annotations

import json

import keras
import pytest

import specc
from specc.archive.native import NotNative
from specc.archive.writing.models import of_model
from tests.support.archives import wiring
from tests.support.checking import spec
from tests.support.plugin import GOOD, added

MASKS = """
    layers:
      - {type: Input, name: tokens, shape: [4], dtype: int32}
      - {type: Embedding, name: words, input_dim: 9, output_dim: 2, mask_zero: true}
      - {type: Masking, name: shown}
      - {type: Concatenate, name: both, axis: 1, from: [words, shown]}
      - {type: LSTM, name: not_equal, units: 2}
      - {type: MultiHeadAttention, name: attend, num_heads: 1, key_dim: 2, from: [words, both]}
      - {type: GRU, name: state, units: 2, call: {training: true}}
    outputs: [not_equal, state]
    """
OF_MASKS = """\
tokens:0:0 -> [not_equal:0:0, state:0:0]
tokens = InputLayer
words = Embedding (tokens:0:0)
not_equal_2 = NotEqual (words:0:0, 0.0)
shown = Masking (words:0:0)
not_equal_1 = NotEqual (tokens:0:0, 0)
any = Any (not_equal_2:0:0)
expand_dims = ExpandDims (not_equal_1:0:0)
zeros_like = ZerosLike (words:0:0)
expand_dims_1 = ExpandDims (any:0:0)
zeros_like_1 = ZerosLike (shown:0:0)
logical_or = LogicalOr (expand_dims:0:0, zeros_like:0:0)
logical_or_1 = LogicalOr (expand_dims_1:0:0, zeros_like_1:0:0)
both = Concatenate ([words:0:0, shown:0:0])
concatenate = Concatenate ([logical_or:0:0, logical_or_1:0:0])
any_1 = Any (concatenate:0:0)
attend = MultiHeadAttention (words:0:0, value=both:0:0)
not_equal = LSTM (both:0:0, training=False, mask=any_1:0:0)
state = GRU (attend:0:0, training=True)
"""
SHARED = """
    layers:
      - {type: Input, name: x, shape: [4]}
      - {type: Dense, name: shared, units: 4}
      - {name: again, share: shared}
      - {name: thrice, share: shared, from: shared}
      - {type: ops.add, name: sum, from: [thrice, again]}
      - {type: Dense, name: last, units: 4}
      - {type: ops.split, name: parts, indices_or_sections: 2, axis: 1, from: sum}
    outputs: {z: last, a: parts.1, same: parts.1}
    """
OF_SHARED = """\
x:0:0 -> {z: last:0:0, a: parts:0:1, same: parts:0:1}
x = InputLayer
shared = Dense (x:0:0) (shared:0:0) (shared:0:0)
sum = Add (shared:2:0, shared:1:0)
parts = Split (sum:0:0)
last = Dense (sum:0:0)
"""
NESTED = """
    blocks:
      head:
        inputs: [u, v]
        layers:
          - {type: Dense, name: first, units: 2, from: u}
          - {type: ops.concatenate, name: joined, axis: -1, from: [first, v]}
        outputs: [joined, first]
    layers:
      - {type: Input, name: a, shape: [3]}
      - {type: Input, name: b, shape: [2]}
      - {type: head, name: one, nested: true, from: [a, b]}
      - {name: two, share: one, from: [a, one.first]}
      - {type: ops.get_item, name: part, key: ["...", ":1"], from: two.joined}
    outputs: [part, one.joined]
    """
OF_NESTED = """\
[a:0:0, b:0:0] -> [part:0:0, one.joined:0:0]
a = InputLayer
b = InputLayer
one = Functional ([a:0:0, b:0:0], mask=[None, None]) ([a:0:0, one:0:1], mask=[None, None])
  [u:0:0, v:0:0] -> [joined:0:0, first:0:0]
  u = InputLayer
  first = Dense (u:0:0)
  v = InputLayer
  joined = Concatenate ([first:0:0, v:0:0])
part = GetItem (one:1:0, [__ellipsis__{}, __slice__{'start': None, 'stop': 1, 'step': None}])
one.joined = Identity (one:0:0)
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [(MASKS, OF_MASKS), (SHARED, OF_SHARED), (NESTED, OF_NESTED)],
    ids=["masks", "shared", "nested"],
)
def test_the_calls_are_those_of_keras(text: str, expected: str) -> None:
    assert wiring(json.loads(json.dumps(of_model(specc.compile(spec(text)))))) == expected
    keras.utils.clear_session(free_memory=False)  # it counts the names of its operations anew
    assert wiring(json.loads(specc.build(spec(text)).to_json())) == expected


@pytest.mark.parametrize(
    ("item", "name"),
    [
        ("Scale", "Scale"),
        ("{type: TimeDistributed, layer: Scale}", "Scale"),
        ("{type: ops.squash, limit: 2.0}", "ops.squash"),
        ("{type: Dense, units: 1, activation: bent}", "bent"),
        ("{type: Activation, activation: {type: bent}}", "bent"),
        ("{type: Dense, units: 1, kernel_initializer: flat}", "Flat"),
        ("{type: Dense, units: 1, kernel_initializer: {type: Flat, level: 0.1}}", "Flat"),
    ],
)
def test_what_a_plugin_adds_is_left_to_keras(item: str, name: str) -> None:
    with added(*GOOD), pytest.raises(NotNative, match=f"^{name} of a plugin"):
        of_model(specc.compile(spec(f"layers: [{{type: Input, shape: [3, 2]}}, {item}]")))
