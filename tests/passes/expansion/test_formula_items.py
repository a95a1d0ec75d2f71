"""Formulas in specs: what they compute is what the same code with ``keras.ops`` computes, wherever they stand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import specc
from specc.backends import keras_model
from specc.backends.python import source as python_source
from tests.support.checking import codes, said, spec, told
from tests.support.draws import draws
from tests.support.soundness import failure

FORMULAS = {
    "add": "a + b + 1", "subtract": "1 - a - b", "multiply": "2 * a * b", "divide": "1 / (b + 2) / a",
    "floor": "a // 2 + 5 // (b + 1)", "rest": "a % 2 + 5 % (b + 1)", "power": "(a + 1) ** b + 2 ** a",
    "product": "s @ transpose(s, [0, 2, 1])", "minus": "-a ** 2", "equal": "cast(equal(a, b), 'int32') + (a != b)",
    "compare": "where((a < b) & ~(a <= 0.2) | (b > 0.8), a, b) * (a >= 0.1)",
    "index": "s[:, 0] + s[:, -1, :] * s[..., 1:2, :][:, 0]", "axes": "(a[:, None] * s)[:, 1:, ::2]",
    "reduce": "sum(s, axis=1) + mean(s, axis=[1], keepdims=True)[:, 0] + max(s, 1)",
    "join": "concatenate([a, b * 2, 0 * b + [[1, 2, 3, 4]]], axis=-1)", "stack": "stack([a, b], axis=1)",
    "several": "moments(s, axes=[1])[1] * split(s, 2, axis=2)[0][:, 0, 0:1]",
    "constants": "a * arange(4) + a @ ([1.0, 2, 3, 4] * eye(4)) + full([4], 0.5)",
    "functions": "softmax(nn.relu(a) + sqrt(exp(b)), axis=-1)", "clip": "clip(a, 0.2, x_max=0.8)",
    "sums": "einsum('bsi,ij->bsj', s, ones([4, 3]))", "image": "image.resize(i, [4, 6])",
    "cast": "cast(a * 10, 'int32')", "shape": "reshape(s, (-1, 12))", "zeros": "zeros_like(a) + 1",
}  # fmt: skip


def by_hand(formula: str, inputs: dict[str, Any]) -> Any:
    """What Python and Keras make of a formula; a list of numbers is a tensor there, too."""
    ops = keras.ops
    names = {name: getattr(ops, name) for name in dir(ops) if not name.startswith("_")}
    formula = re.sub(r"\[\[1, 2, 3, 4\]\]|\[1(\.0)?, 2, 3, 4\]", r"array(\g<0>)", formula)
    return eval(formula, {}, {**names, **inputs})


INPUTS = """
        - {type: Input, name: a, shape: [4]}
        - {type: Input, name: b, shape: [4]}
        - {type: Input, name: s, shape: [3, 4]}
        - {type: Input, name: i, shape: [2, 3, 1]}
"""


def drawn(batch: int) -> dict[str, Any]:
    random = np.random.default_rng(batch)
    shapes = {"a": (4,), "b": (4,), "s": (3, 4), "i": (2, 3, 1)}
    return {name: random.random((batch, *shape), dtype="float32") for name, shape in shapes.items()}


def test_every_kind_of_formula_is_what_keras_makes_of_the_same_code(tmp_path: Path) -> None:
    items = "".join(f'        - {{formula: "{text}", name: z_{name}}}\n' for name, text in FORMULAS.items())
    outputs = f"      outputs: [{', '.join(f'z_{name}' for name in FORMULAS)}]\n"
    graph = specc.compile(spec(f"      layers:{INPUTS}{items}{outputs}"))
    model = keras_model.build(graph, seed=0)
    inputs = {name: keras.Input(tensor.shape[1:]) for name, tensor in graph.inputs.items()}
    hand = keras.Model(list(inputs.values()), [by_hand(formula, inputs) for formula in FORMULAS.values()])
    assert failure(model, list(graph.inputs.values()), list(graph.outputs.values())) == ""
    path = tmp_path / "model.keras"
    model.save(path)
    (tmp_path / "model.py").write_text(python_source.source(graph), encoding="utf-8")
    scope: dict[str, Any] = {"__name__": "emitted"}
    exec((tmp_path / "model.py").read_text(encoding="utf-8"), scope)
    for other in (model, keras.models.load_model(path), scope["build_model"]()):
        for batch in (2, 3):
            data = list(drawn(batch).values())
            for name, output, wanted in zip(FORMULAS, other(data), hand(data), strict=True):
                assert output.dtype == wanted.dtype
                np.testing.assert_allclose(output, wanted, rtol=1e-5, err_msg=name)


OPERANDS = st.sampled_from(["a", "b", "s[:, 0]", "2", "0.5", "(b + [1, 2, 3, 4])"])
SIGNS = ("+", "-", "*", "/", "//", "%", "**", "<", ">", "!=")


def nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, st.sampled_from(SIGNS), inner).map(lambda it: f"({it[0]} {it[1]} {it[2]})"),
        st.tuples(st.sampled_from(["exp", "tanh", "relu", "-", "logical_not"]), inner).map(
            lambda it: f"{it[0]}({it[1]})"
        ),
        st.tuples(inner, inner, inner).map(lambda it: f"where({it[0]} > 0, {it[1]}, {it[2]})"),
        st.tuples(inner, inner).map(lambda it: f"stack([a + 0 * ({it[0]}), {it[1]} + b * 0], axis=1)[:, 1]"),
    )


@draws(12)
@given(formula=st.recursive(OPERANDS, nested, max_leaves=6))
def test_random_formulas(formula: str) -> None:
    """What is accepted computes what Keras computes; what is not, Keras refuses too or has no such operation."""
    text = f'      layers:{INPUTS}        - {{formula: "{formula} + a * s[:, 1] * i[:, 0, 0] + b", name: z}}\n'
    found = codes(text)
    if found:
        assert set(found) <= {"dtype-mismatch", "formula", "shape-mismatch"}, (formula, found)
        return
    graph = specc.compile(spec(text))
    model = keras_model.build(graph)
    inputs = {name: keras.Input(tensor.shape[1:]) for name, tensor in graph.inputs.items()}
    hand = keras.Model(list(inputs.values()), by_hand(f"{formula} + a * s[:, 1] * i[:, 0, 0] + b", inputs))
    data = list(drawn(2).values())
    output, tensor = model(data), graph.tensors["z"][0]
    assert (tuple(output.shape[1:]), output.dtype.name) == (tensor.shape[1:], tensor.dtype)
    np.testing.assert_allclose(output, hand(data), rtol=1e-4, err_msg=formula)


EVERYWHERE = """
    blocks:
      gate:
        args: {scale: 2, act: sigmoid}
        inputs: [x, g]
        layers:
          - {type: Dense, name: d, units: 4, from: x}
          - {formula: "$act(d) * g ** $scale + [1, 2, 3, 4]", name: out}
        outputs: [out]
      doubled:
        args: {step: null}
        inputs: [x]
        layers:
          - {formula: x * 2 + $step, name: out}
        outputs: [out]
    layers:
      - {type: Input, name: x, shape: [4]}
      - {type: Input, name: s, shape: [5, 4]}
      - {type: gate, name: g1, from: [x, x]}
      - {type: gate, name: g2, nested: true, scale: 3, act: relu, from: {x: g1, g: x}}
      - {type: LSTM, name: lstm, units: 4, return_state: true, from: s}
      - {type: Dense, name: q, units: 4, each: {a: [relu, tanh]}, activation: $a, from: x}
      - formula: >
          concatenate([g1.d, g2, q[0], q[-1], lstm.state_h], axis=-1)
            @ ones([20, 3])
        name: c
      - {formula: "c[:, $index:$(index + 1)] * $(k * 2)", name: cols, each: {k: [1, 2, 3]}}
      - {formula: x * 2, name: absent, when: false}
      - {formula: absent + 2, name: other, when: false, else: x}
      - {type: doubled, name: chain, step: $index, repeat: 3, from: absent}
      - {formula: "concatenate(cols, 1) + cols_1 + c.concatenate[:, :1] + chain[:, :3] + other[:, 1:]", name: y}
      - {formula: y > 0}
"""


def test_formulas_stand_wherever_layers_do() -> None:
    graph = specc.compile(spec(EVERYWHERE))
    texts = [formula.text for formula in graph.graph.formulas]
    assert texts == [
        "sigmoid(d) * g ** 2 + [1, 2, 3, 4]",
        "concatenate([g1.d, g2, q[0], q[-1], lstm.state_h], axis=-1) @ ones([20, 3])",
        *(f"c[:, {index}:{index + 1}] * {2 * index + 2}" for index in range(3)),
        *(f"x * 2 + {step}" for step in range(3)),
        "concatenate(cols, 1) + cols_1 + c.concatenate[:, :1] + chain[:, :3] + other[:, 1:]",
        "y > 0",
    ]
    assert list(graph.graph.formulas.values())[1] == ("c.concatenate", "c.ones", "c")
    assert [name for name in graph.nodes if name.startswith(("chain_2", "cols_3", "g1"))] == [
        *("g1.d", "g1.out.sigmoid", "g1.out.power", "g1.out.multiply", "g1.out"),
        *("cols_3.get_item", "cols_3", "chain_2.out.multiply", "chain_2.out"),
    ]
    assert graph.outputs["greater"].dtype == "bool"
    model = keras_model.build(graph)
    assert failure(model, list(graph.inputs.values()), list(graph.outputs.values())) == ""


def test_a_formula_of_constants_is_a_constant() -> None:
    graph = specc.compile(
        spec("""
        layers:
          - {type: Input, name: x, shape: [4]}
          - {formula: "arange(4) * 2 + [1, 1, 1, 1]", name: c}
          - {type: ops.add, name: y, from: [x, c]}
        """)
    )
    assert graph.graph.constants == {"c.arange", "c.multiply", "c"}
    assert (graph.layer_count, graph.tensors["c"][0].dtype) == (1, "int32")


ITEMS = """
    blocks:
      unused:
        inputs: [u]
        layers:
          - {formula: u * 2, name: a}
        outputs: [a]
    layers:
      - {type: Input, name: x, shape: [4]}
      - {type: Dense, name: q, units: 4, each: {k: [1, 2]}, from: x}
"""


@pytest.mark.parametrize(("item", "text"), [
    ('{formula: "x + xx", name: z}',
     "10:20 unknown-name: 'z' (formula): there is no layer \"xx\" | names here: x, q_1, q_2, q, v"),
    ('{formula: "x + z", name: z}', "10:16 cycle: the layers feed each other in a cycle: 'z' -> 'z' | "
     "cut it at one place: one of these layers must take its input from elsewhere"),
    ("{formula: x.state_h + 1, name: z}", "10:15 unknown-port: 'x' (Input) has no output \"state_h\" | it has one output: write x"),
    ("{formula: q * 2, name: z}", "10:15 ambiguous-name: 'z' (formula) takes one tensor for 'x1', but 'q' refers to 2 | "
     "choose one of 'q_1', 'q_2', or join them with Concatenate or Add"),
    ("{share: v, name: w, from: x}", "10:13 formula: 'w' shares 'v', which is a formula and has no weights | "
     "write the formula again, or put it in a block"),
    ("{formula: x + noo, name: z, when: false}",
     "10:19 unknown-name: 'z': there is no layer \"noo\" | names here: x, q, z, v"),
])  # fmt: skip
def test_names(item: str, text: str) -> None:
    found = told(f"{ITEMS}      - {item}\n      - {{formula: x * 2, name: v}}\n")
    assert found[:1] == [text]


def test_formulas_of_blocks_that_are_not_used_are_checked() -> None:
    assert codes(ITEMS.replace("u * 2", "u ^ 2") + "      - {formula: x * 2, name: y}\n") == ["formula"]


def test_formulas_of_a_shared_instance_read_its_own_tensors() -> None:
    graph = specc.compile(
        spec("""
        blocks:
          scaled:
            inputs: [x]
            layers:
              - {type: Dense, name: d, units: 4}
              - {formula: exp(d * 2) + x, name: out}
            outputs: [out]
        layers:
          - {type: Input, name: a, shape: [4]}
          - {type: Input, name: b, shape: [4]}
          - {type: scaled, name: one, from: a}
          - {share: one, name: two, from: b}
          - {formula: one - two, name: y}
        """)
    )
    assert [ref.node for ref in graph.nodes["two.out"].refs()] == ["two.out.exp", "b"]
    assert [ref.node for ref in graph.nodes["two.out.exp"].refs()] == ["two.out.multiply"]
    assert [formula.name for formula in graph.graph.formulas] == ["one.out", "two.out", "y"]
    model = keras_model.build(graph)
    x = np.ones((2, 4), "float32")
    np.testing.assert_allclose(model([x, x]), np.zeros((2, 4)))


def test_edges_cannot_end_at_a_formula() -> None:
    assert said("""
        layers:
          - {type: Input, name: x, shape: [4]}
          - {formula: x * 2, name: y}
          - {type: Dense, name: z, units: 1}
        edges: [[x, y, z]]
        """) == ["3:15 from-and-edges: 'y' (formula) has a formula, whose names are its inputs, and edges that end at it"]  # fmt: skip


def test_edges_can_begin_at_a_formula() -> None:
    assert (
        said("""
        layers:
          - {type: Input, name: x, shape: [4]}
          - {formula: x * 2, name: y}
          - {type: Dense, name: z, units: 1}
        edges: [[y, z]]
        """)
        == []
    )


@pytest.mark.parametrize("form", ["", ", nested: true"])
def test_an_output_of_several_tensors_by_number(form: str) -> None:
    """Of an instance, of a nested model, and of a further call of one."""
    text = f"""
        blocks:
          encode:
            inputs: [x]
            layers:
              - {{type: Dense, name: c, units: 4, repeat: 3}}
              - {{type: Dense, name: side, units: 4, each: {{n: [1, 2]}}, from: x}}
            outputs: {{all: "c[*]", sides: side}}
        layers:
          - {{type: Input, name: x, shape: [4]}}
          - {{type: encode, name: e{form}}}
          - {{share: e, name: f, from: x}}
          - {{formula: "e.all[1] + f.sides[-1]", name: y}}
    """
    refs = specc.compile(spec(text)).nodes["y"].refs()
    found = [(ref.node, ref.port) for ref in refs]
    assert found == ([("e", 1), ("f", 4)] if form else [("e.c_2", 0), ("f.side_2", 0)])
