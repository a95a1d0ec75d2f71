"""Models as Keras saves them: what a Sequential and a functional model have around their layers."""

from __future__ import annotations

import json
from typing import Any

import keras
import pytest

import specc
from specc.archive.writing.models import of_model
from tests.support.archives import differences
from tests.support.checking import spec

SEQUENTIAL = """
    name: small
    dtype_policy: mixed_float16
    layers:
      - {type: Input, name: x, shape: [2]}
      - {type: Dense, name: hidden, units: 3, activation: relu, trainable: false, kernel_initializer: zeros}
      - {type: Activation, name: y, activation: softmax, dtype: float32}
    """


def public(module: str, class_name: str, config: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"module": module, "class_name": class_name, "config": config, "registered_name": None, **more}


MIXED, FLOAT32 = (public("keras", "DTypePolicy", {"name": name}) for name in ("mixed_float16", "float32"))
ZEROS = public("keras.initializers", "Zeros", {})
SAVED = public(
    "keras",
    "Sequential",
    {
        "name": "small",
        "trainable": True,
        "dtype": MIXED,
        "layers": [
            public(
                "keras.layers",
                "InputLayer",
                {"batch_shape": [None, 2], "dtype": "float32", "sparse": False, "ragged": False, "name": "x", "optional": False},
            ),
            public(
                "keras.layers",
                "Dense",
                {
                    "name": "hidden", "trainable": False, "dtype": MIXED, "units": 3, "activation": "relu", "use_bias": True,
                    "kernel_initializer": ZEROS, "bias_initializer": ZEROS, "kernel_regularizer": None, "bias_regularizer": None,
                    "kernel_constraint": None, "bias_constraint": None, "quantization_config": None,
                },
                build_config={"input_shape": [None, 2]},
            ),
            public("keras.layers", "Activation", {"name": "y", "trainable": True, "dtype": FLOAT32, "activation": "softmax"}),
        ],
        "build_input_shape": [None, 2],
    },
    build_config={"input_shape": [None, 2]},
)  # fmt: skip


def saved(text: str) -> dict[str, Any]:
    """What specc writes of a model, after it was compared with what Keras writes."""
    made: dict[str, Any] = json.loads(json.dumps(of_model(specc.compile(spec(text)))))
    keras.utils.clear_session(free_memory=False)
    assert list(differences({**made, "compile_config": {}}, json.loads(specc.build(spec(text)).to_json()))) == []
    return made


def test_a_sequential_model() -> None:
    assert saved(SEQUENTIAL) == SAVED


LAYERS = """
    name: forms
    layers:
      - {type: Input, name: a, shape: [2]}
      - {type: Input, name: b, shape: [2]}
      - {type: Add, name: z, from: [a, b]}
      - {type: ReLU, name: y, from: z}
    outputs: """


@pytest.mark.parametrize(
    ("said", "inputs", "outputs"),
    [
        ("[y]", [["a", 0, 0], ["b", 0, 0]], ["y", 0, 0]),
        ("[y, z]", [["a", 0, 0], ["b", 0, 0]], [["y", 0, 0], ["z", 0, 0]]),
        ("{z: y, y: z}", [["a", 0, 0], ["b", 0, 0]], {"z": ["y", 0, 0], "y": ["z", 0, 0]}),
    ],
)
def test_the_inputs_and_outputs_of_a_functional_model(said: str, inputs: Any, outputs: Any) -> None:
    found = saved(LAYERS + said)
    layers = found["config"].pop("layers")
    assert [layer["name"] for layer in layers] == ["a", "b", "z", "y"]
    config = {"name": "forms", "trainable": True, "input_layers": inputs, "output_layers": outputs}
    assert found == {
        "module": "keras.src.models.functional",
        "class_name": "Functional",
        "config": config,
        "registered_name": "Functional",
        "build_config": {"input_shape": None},
    }


NESTED = """
    dtype_policy: mixed_float16
    blocks:
      half:
        inputs: [u]
        layers: [{type: Dense, name: v, units: 2}]
        outputs: [v]
    layers:
      - {type: Input, name: x, shape: [2]}
      - {type: half, name: free, nested: true}
      - {type: half, name: frozen, nested: true, trainable: false}
      - {name: again, share: frozen}
      - {type: Add, name: both, from: [x, again]}
    outputs: {both: both, twice: again}
    """


def test_nested_models() -> None:
    found = saved(NESTED)
    _, free, frozen, _ = found["config"]["layers"]
    assert [(it["name"], it["config"]["name"]) for it in (free, frozen)] == [("free", "free"), ("frozen", "frozen")]
    assert [it["config"]["layers"][1]["config"]["trainable"] for it in (free, frozen)] == [True, False]
    assert (frozen["compile_config"], len(frozen["inbound_nodes"])) == ({}, 2)
    assert found["config"]["output_layers"]["twice"] == ["frozen", 2, 0]  # Keras counts the call that made it, too
