"""The wires of what is expanded so far: nothing is said of them, and the graph takes over those that stay as they are."""

from __future__ import annotations

import pytest

from specc import pipeline
from specc.calls import Call
from specc.layers.core import Dense
from specc.shapes import Tensor
from tests.support.checking import said, spec
from tests.support.nodes import nodes

SPECS = {
    "a reference to a port switches it on only where the model has it": """
        layers:
          - {type: Input, name: x, shape: [6, 4]}
          - {type: MultiHeadAttention, name: a, num_heads: 2, key_dim: 2, from: {query: x, value: x}}
          - {type: Dense, name: y, units: 6, when: "$(shape(a.scores)[-1] == 6)"}
        """,
    "edges, sharing and absent items are resolved again": """
        blocks:
          one:
            inputs: [x]
            layers:
              - {type: Dense, name: d, units: 4}
              - {share: d, name: e}
            outputs: [e]
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: one, name: a}
          - {share: a, name: b}
          - {type: Dense, name: y, units: 6, when: "$(shape(b)[-1] != 4)"}
          - {type: Dense, name: z, units: 6, when: "$(shape(y)[-1] == 4)"}
        edges: [[x, a, b, y, z]]
        """,
}


@pytest.mark.parametrize("name", SPECS)
def test_the_graph_is_wired_as_if_nothing_was_asked(name: str) -> None:
    text = SPECS[name]
    plain = text
    for asked, value in {
        "(shape(a.scores)[-1] == 6)": "true",
        "(shape(b)[-1] != 4)": "false",
        "(shape(y)[-1] == 4)": "true",
    }.items():
        plain = plain.replace(f'"${asked}"', value)
    assert "shape(" not in plain
    assert nodes(text) == nodes(plain)


def test_a_shared_call_has_its_options_checked_once() -> None:
    text = """
    layers:
      - {type: Input, name: x, shape: [4]}
      - {type: Dropout, name: a, rate: 0.5}
      - {share: a, name: b, call: {trainin: true}}
      - {type: Dense, name: y, units: "$(shape(b)[-1])"}
    """
    assert said(text) == ["""4:32 unknown-argument: 'b' (Dropout): has no call argument "trainin\""""]


def test_what_is_wired_for_questions_has_a_budget() -> None:
    text = """
    layers:
      - {type: Input, name: x, shape: [4]}
      - {type: Dense, name: q, units: 4, each: {u: "$(range(4000))"}}
      - {type: Dense, name: y, units: 3, when: "$(shape(q)[-1] == 4)", repeat: 1000}
    """
    assert said(text) == [
        "4:47 ambiguous-name: 'q' refers to 4000 tensors",
    ]


def test_what_answers_a_question_is_inferred_once(monkeypatch: pytest.MonkeyPatch) -> None:
    inferred: list[int] = []
    of_dense = Dense.infer

    def infer(self: Dense, call: Call) -> tuple[Tensor, ...]:
        inferred.append(self.units)
        return of_dense(self, call)

    monkeypatch.setattr(Dense, "infer", infer)
    text = """
        layers:
          - {type: Input, name: x, shape: [8]}
          - {type: Dense, name: a, units: 6}
          - {type: Dense, name: b, units: 5}
          - {type: Dense, name: y, units: "$(shape(b)[-1] - 1)"}
    """
    assert pipeline.compile(spec(text)).graph.params == 6 * 9 + 5 * 7 + 4 * 6
    assert inferred == [6, 5, 4]
