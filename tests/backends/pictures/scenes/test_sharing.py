"""The letters of what is called more than once."""

from __future__ import annotations

from tests.support.scenes import shown_spec

SHARED_IN_SHARED = """
name: shared
blocks:
  inner:
    inputs: [x]
    layers: [{type: Dense, name: out, units: 4}]
    outputs: [out]
  outer:
    inputs: [x]
    layers:
      - {type: inner, name: one}
      - {share: one, name: two}
      - {type: Dense, name: once, units: 4}
      - {type: Dense, name: out, units: 4}
    outputs: [out]
layers:
  - {type: Input, name: x, shape: [4]}
  - {type: outer, name: a}
  - {share: a, name: b}
  - {share: a.once, name: again}
  - {type: outer, name: c, nested: true}
  - {share: c, name: d}
"""


def test_one_letter_stands_for_all_that_a_shared_block_holds() -> None:
    assert shown_spec(SHARED_IN_SHARED) == """\
shared: functional · 6 layers · 120 parameters
  n0 input "x" | (None, 4)
  f0 outer "a" [A] | 3 layers, 60 params
    f1 inner "one" [B] | 1 layer, 20 params
      n1 Dense "out" 4 units | 20 params <- n0
    f2 inner "two" [B] | 1 layer
      n2 Dense "out" 4 units <- n1
    n3 Dense "once" [C] 4 units | 20 params <- n2
    n4 Dense "out" 4 units | 20 params <- n3
  f3 outer "b" [A] | 3 layers
    f4 inner "one" [B] | 1 layer
      n5 Dense "out" 4 units <- n4
    f5 inner "two" [B] | 1 layer
      n6 Dense "out" 4 units <- n5
    n7 Dense "once" [C] 4 units <- n6
    n8 Dense "out" 4 units <- n7
  n9 Dense "again" [C] 4 units <- n8
  f6 outer "c" [D] | 3 layers, 60 params
    f7 inner "one" [E] | 1 layer, 20 params
      n10 Dense "out" 4 units | 20 params <- n9
    f8 inner "two" [E] | 1 layer
      n11 Dense "out" 4 units <- n10
    n12 Dense "once" 4 units | 20 params <- n11
    n13 Dense "out" 4 units | 20 params <- n12
  n14 outer "d" [D] | 3 layers <- n13
  o0 output "d" <- n14
"""  # fmt: skip
