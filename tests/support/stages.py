"""A spec with blocks in blocks, copies in a chain and side by side, for the tests of the graph."""

from __future__ import annotations

import specc
from specc.ir import Graph

STAGES = """
vars: {width: 8}
blocks:
  residual:
    inputs: [x]
    args: {units: null, rate: $(units / 100)}
    layers:
      - {type: Dense, name: main, units: $units}
      - {type: Dropout, name: drop, rate: $rate}
      - {type: Add, name: sum, from: [x, drop]}
    outputs: {y: sum, inner: main}
  stage:
    inputs: [x, skip]
    layers:
      - {type: residual, name: first, units: 8, from: x}
      - {type: Concatenate, name: join, from: [first, skip]}
    outputs: [join]
layers:
  - {type: Input, name: a, shape: [8]}
  - {type: residual, name: body, units: $width, repeat: 2}
  - {type: stage, name: top, from: {x: body, skip: a}}
  - {type: Dense, name: head, units: $n, each: {n: [1, 2]}}
"""


def compiled(text: str) -> Graph:
    """The graph of a spec, as it was wired."""
    return specc.compile(specc.Spec.from_text(text)).graph
