"""Models of files, read: layers and what each call of them takes; and what is refused, at its place."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

import specc
from specc.archive.reading.models import DEEPEST_MODEL, Reader, ReadModel, Source
from specc.archive.writing.models import of_model
from specc.diagnostics.problem import ProblemsError
from tests.support.checking import spec

MODEL = """
    name: whole
    dtype_policy: mixed_float16
    blocks:
      half:
        inputs: [u, v]
        layers:
          - {type: Add, name: w, from: [u, v]}
          - {type: ops.split, name: parts, indices_or_sections: 2, axis: -1}
        outputs: [parts.0, parts.1]
    layers:
      - {type: Input, name: x, shape: [4], dtype: int32}
      - {type: Embedding, name: words, input_dim: 9, output_dim: 4, mask_zero: true}
      - {type: Dense, name: dense, units: 4, dtype: float32}
      - {name: again, share: dense, from: words}
      - {type: half, name: pair, nested: true, from: [dense, again]}
      - {type: ops.concatenate, name: joined, axis: 1, from: [pair.0, pair.1]}
      - {type: LSTM, name: state, units: 2, call: {training: true}}
    outputs: {b: pair.1, a: state}
    """
READ = """\
whole mixed_float16: x:0:0 -> {b: pair:0:1, a: state:0:0}
x = Input {'shape': [4], 'dtype': 'int32'}
words = Embedding {'input_dim': 9, 'output_dim': 4, 'mask_zero': True} (inputs=x:0:0)
dense = Dense {'units': 4, 'dtype': 'float32'} (inputs=words:0:0) (inputs=words:0:0)
not_equal = ops.not_equal {'x2': 0} (x1=x:0:0)
pair = model {} (u=dense:0:0, v=dense:1:0, mask=[not_equal:0:0, not_equal:0:0])
  pair mixed_float16: u:0:0, v:0:0 -> [parts:0:0, parts:0:1]
  u = Input {'shape': [4, 4]}
  v = Input {'shape': [4, 4]}
  w = Add {} (inputs=[u:0:0, v:0:0])
  parts = ops.split {'indices_or_sections': 2, 'axis': -1} (x=w:0:0)
joined = ops.concatenate {'axis': 1} (xs=[pair:0:0, pair:0:1])
state = LSTM {'units': 2} (sequences=joined:0:0, training=True)
"""


def shown(value: Any) -> str:
    if isinstance(value, Source):
        return ":".join(map(str, value))
    if isinstance(value, list):
        return f"[{', '.join(map(shown, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {shown(item)}' for key, item in value.items())}}}"
    return str(value)


def lines(model: ReadModel, margin: str = "") -> list[str]:
    """A model as text, a line for each layer."""
    inputs = ", ".join(map(shown, model.inputs))
    found = [f"{margin}{model.name} {model.policy}: {inputs} -> {shown(model.outputs)}"]
    for node in model.nodes.values():
        found.append(f"{margin}{node.name} = {node.type or 'model'} {node.arguments}")
        for call in node.calls:
            given = ", ".join(f"{name}={shown(value)}" for name, value in {**call.tensors, **call.options}.items())
            found[-1] += f" ({given})"
        found += [] if node.model is None else lines(node.model, f"{margin}  ")
    return found


def saved(text: str) -> dict[str, Any]:
    """What a file has of a model."""
    found: dict[str, Any] = json.loads(json.dumps(of_model(specc.compile(spec(text)))))
    return found


def test_a_model() -> None:
    assert "".join(f"{line}\n" for line in lines(Reader().read(saved(MODEL)))) == READ


def test_a_sequential_model() -> None:
    found = saved(
        "layers: [{type: Input, name: x, shape: [2]}, {type: Dense, name: y, units: 1}, {type: ReLU, name: z}]"
    )
    assert lines(Reader().read(found)) == [
        "model float32: x:0:0 -> z:0:0",
        "x = Input {'shape': [2]}",
        "y = Dense {'units': 1} (inputs=x:0:0)",
        "z = ReLU {} (inputs=y:0:0)",
    ]


SMALL = saved("""
    layers:
      - {type: Input, name: x, shape: [2]}
      - {type: Dense, name: a, units: 2}
      - {type: Add, name: b, from: [x, a]}
    outputs: {y: b}
    """)
LAYERS = ("config", "layers")
CALL = (*LAYERS, 1, "inbound_nodes", 0)
HISTORY = (*CALL, "args", 0, "config", "keras_history")
WRONG: list[tuple[tuple[Any, ...], Any, str, str, tuple[Any, ...]]] = [
    ((), [], "invalid-value", "must be a Sequential or Functional model, not []", ("class_name",)),
    (("class_name",), "Net", "unknown-layer",
     'is a model of the class "Functional" of "keras.src.models.functional", whose layers only its Python code knows', ("class_name",)),
    (("config",), 3, "invalid-value", "must be a map, not 3", ("config",)),
    (LAYERS, {}, "invalid-value", "must be a list, not {}", LAYERS),
    ((*LAYERS, 1), None, "invalid-value", "must be a map, not null", (*LAYERS, 1)),
    ((*LAYERS, 1, "name"), "x", "duplicate-name", 'has the name "x" of another layer', (*LAYERS, 1)),
    ((*LAYERS, 1, "inbound_nodes"), [], "invalid-value", "is never called", (*LAYERS, 1, "inbound_nodes")),
    ((*CALL, "args"), {}, "invalid-value", "must be a list, not {}", (*CALL, "args")),
    (HISTORY, ["x", 0], "invalid-value", 'must be [layer, call, output], not ["x", 0]', HISTORY),
    (HISTORY, ["x", -1, 0], "invalid-value", "must be a number from 0, not -1", (*HISTORY, 1)),
    (HISTORY, ["no", 0, 0], "unknown-name", 'takes the output of "no", which is not in the model', CALL),
    (HISTORY, ["x", 1, 0], "unknown-output", 'takes call 1 of "x", which has 1', CALL),
    (HISTORY, ["x", 0, 1], "unknown-output", 'takes output 1 of "x", which has 1', CALL),
    (HISTORY, ["b", 0, 0], "cycle", "is part of a cycle: it takes what depends on it", CALL),
    (("config", "input_layers"), [["a", 0, 0]], "invalid-value", 'must be Inputs of the model, not "a"', ("config", "input_layers")),
    (("config", "input_layers"), [], "invalid-value", "is an Input that is none of the model's input_layers", (*LAYERS, 0)),
    (("config", "output_layers"), [], "invalid-value", "must have an output", ("config", "output_layers")),
    (("config", "output_layers"), 3, "invalid-value", "must be the outputs of the model, not 3", ("config", "output_layers")),
]  # fmt: skip
"""What is put where in a model; what is said of it, and where."""


def said(model: Any) -> list[tuple[str, str, tuple[Any, ...]]]:
    with pytest.raises(ProblemsError) as caught:
        Reader().read(model)
    return [(problem.code, problem.message, tuple(problem.path)) for problem in caught.value.problems]


@pytest.mark.parametrize(("path", "value", "code", "message", "place"), WRONG)
def test_what_is_wrong_in_a_model(
    path: tuple[Any, ...], value: Any, code: str, message: str, place: tuple[Any, ...]
) -> None:
    model: Any = {"": copy.deepcopy(SMALL)}
    inside, step = model, ""
    for key in path:
        inside, step = inside[step], key
    inside[step] = value
    assert said(model[""]) == [(code, message, place)]


def test_a_sequential_model_without_an_input() -> None:
    layers = [{"class_name": "Dense", "module": "keras.layers", "config": {"name": "y", "units": 2}}]
    config: dict[str, Any] = {"name": "m", "layers": layers}
    model = {"class_name": "Sequential", "config": config}
    assert said(model) == [("invalid-value", "has no Input, as it was saved before it was built", ())]


def test_models_within_models() -> None:
    model: dict[str, Any] = {"class_name": "Sequential", "config": {"name": "m", "layers": []}}
    for _ in range(DEEPEST_MODEL):
        model = {"class_name": "Sequential", "config": {"name": "m", "layers": [model]}}
    ((code, message, _),) = said(model)
    assert (code, message) == ("too-deep", f"has more than {DEEPEST_MODEL} models in one another")
