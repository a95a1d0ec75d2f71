"""Formulas as Python expressions."""

from __future__ import annotations

import pytest

import specc
from specc.backends.python.graph import as_graph
from specc.backends.python.program import as_program
from specc.backends.python.rehearsal import makes_the_same
from specc.backends.python.source import source
from tests.support import plugin
from tests.support.checking import spec
from tests.support.emitted import run

FORMULAS = {
    "x + exp(x / $t) * 2 ** 3": "x + keras.ops.exp(x / t) * 2**3",
    "(x - 1) ** 2 @ eye(4)": "(x - 1) ** 2 @ keras.ops.eye(4)",
    "where((x > 0) & (x != 1), -x, x)": "keras.ops.where((x > 0) & keras.ops.not_equal(x, 1), -x, x)",
    "concatenate([q[1], q[-1], x], axis=-1)": "keras.ops.concatenate([q[1], q[-1], x], axis=-1)",
    "sum(x[:, None, 0:2] * l.state_h[..., 0:1, None], axis=[1, 2])": (
        "keras.ops.sum(x[:, None, 0:2] * l_state_h[..., 0:1, None], axis=[1, 2])"
    ),
    "x * $(t * 2 if t > 1 else 3)": "x * (t * 2 if t > 1 else 3)",
    # TensorFlow's own tensors would not promote int32 and float32.
    "($t * arange(0, 4, 1) - 2 / 4) * x": (
        "keras.ops.subtract(keras.ops.multiply(t, keras.ops.arange(0, 4, 1)), 2 / 4) * x"
    ),
    "r[:, 0, -1:] * -ones(4) ** 2": ("r[:, 0, -1:] * keras.ops.negative(keras.ops.power(keras.ops.ones(4), 2))"),
    "where(0 < x, c, c / 2 + x)": "keras.ops.where(keras.ops.less(0, x), c, keras.ops.true_divide(c, 2) + x)",
}
TEXT = """
    vars: {{t: 2.0}}
    layers:
      - {{type: Input, name: x, shape: [4]}}
      - {{type: Reshape, name: r, target_shape: [2, 2]}}
      - {{type: LSTM, name: l, units: 4, return_state: true}}
      - {{type: ops.arange, name: c, stop: 4}}
      - {{formula: x * c, name: v}}
      - {{type: Dense, name: q, units: 4, each: {{n: [1, 2]}}, from: x}}
      - {{formula: "{formula}", name: f}}
      - {{type: Identity, name: y}}
    outputs: {{y: y, r: r, v: v, q: q_1, p: q_2, l: l.state_h, m: l}}
"""


@pytest.mark.parametrize("formula", FORMULAS)
def test_formulas(formula: str) -> None:
    graph = specc.compile(spec(TEXT.format(formula=formula)))
    source = as_program.source(graph)
    assert f"    f = {FORMULAS[formula]}\n" in source
    assert makes_the_same(source, as_graph.source(graph), graph)


def test_an_operation_of_a_plugin_is_its_module_s() -> None:
    text = TEXT.format(formula="1 + squash(x, limit=2.0) * l.state_h")
    with plugin.added(*plugin.GOOD):
        assert f"f = 1 + {plugin.KERAS}.squash(x, limit=2.0) * l_state_h" in source(specc.compile(spec(text)))


def test_operations_have_no_name_of_a_layer_and_outputs_have_theirs() -> None:
    """The last loop is read by two paths at each step: whoever followed all would not come to an end."""
    graph = specc.compile(
        spec("""
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: sum, units: 4}
          - {formula: "sum(x, axis=-1, keepdims=True) * sum", name: y}
          - {type: Multiply, name: multiply, from: [y, x]}
          - {type: double, name: far, repeat: 40}
          - {formula: "far * 2", name: z}
        blocks: {double: {inputs: [x], layers: [{type: ops.add, name: out, from: [x, x]}], outputs: [out]}}
        outputs: [z, y]
        """)
    )
    text = as_program.source(graph)
    assert '    name_outputs(x, {"z": z, "y": y})\n' in text
    model = run(text)
    names = [operation.name for operation in model.operations]
    assert model.output_names == ["z", "y"]
    assert len(set(names)) == len(names)
    assert {"sum", "multiply", "z", "y"} < set(names)
