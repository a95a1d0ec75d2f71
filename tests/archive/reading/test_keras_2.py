"""Files of Keras 2 and of the first versions of Keras 3: read as what they are now, and what was changed is told."""

from __future__ import annotations

import json
from typing import Any

import pytest

from specc.archive.reading.container import Contents, read_architecture
from specc.archive.reading.keras_2 import modern
from specc.archive.reading.models import Source
from specc.diagnostics import CompileError


def layer(kind: str, name: str, *calls: Any, **config: Any) -> dict[str, Any]:
    return {"class_name": kind, "config": {"name": name, **config}, "name": name, "inbound_nodes": list(calls)}


def functional(layers: list[Any], inputs: Any, outputs: Any, name: str = "m") -> dict[str, Any]:
    config = {"name": name, "layers": layers, "input_layers": inputs, "output_layers": outputs}
    return {"class_name": "Functional", "config": config, "keras_version": "2.15.0", "backend": "tensorflow"}


def image(name: str, *shape: int) -> dict[str, Any]:
    return layer("InputLayer", name, batch_input_shape=[None, *shape], dtype="float32", sparse=False, ragged=False)


def read(saved: dict[str, Any]) -> Contents:
    return read_architecture(json.dumps(saved))


def told(contents: Contents) -> list[Any]:
    """Each layer: name, type, arguments, and what its calls take."""
    return [
        (it.name, it.type, it.arguments, [[tuple(source) for source in call.sources()] for call in it.calls])
        for it in contents.model.nodes.values()
    ]


def test_layers_and_what_is_between_them() -> None:
    saved = functional(
        [
            image("x", 8, 8, 3),
            layer("Conv2D", "c", [["x", 0, 0, {}]], filters=4, kernel_size=[3, 3], groups=1, dtype="float32",
                  kernel_initializer={"class_name": "HeNormal", "config": {"seed": None}}, activation="linear"),
            layer("BatchNormalization", "b", [["c", 0, 0, {"training": False}]], axis=[3], renorm=False, fused=True),
            layer("LeakyReLU", "l", [["b", 0, 0, {}]], alpha=0.1),
            layer("TFOpLambda", "tf.math.multiply", ["l", 0, 0, {"y": 2.0, "name": None}], function="math.multiply"),
            layer("TFOpLambda", "tf.math.subtract", ["_CONSTANT_VALUE", -1, 1.0, {"y": ["tf.math.multiply", 0, 0]}],
                  function="math.subtract"),
            layer("SlicingOpLambda", "slice", ["tf.math.subtract", 0, 0, {"slice_spec": [
                {"start": None, "stop": None, "step": None}, {"start": 1, "stop": None, "step": 2}, 0, {"class_name": "__ellipsis__"}, None]}],
                  function="__operators__.getitem"),
            layer("TFOpLambda", "tf.concat", [["slice", 0, 0, {"axis": -1}], ["slice", 0, 0, {"axis": -1}]], function="concat"),
            layer("Add", "a", [["tf.concat", 0, 0, {}], ["tf.concat", 0, 0, {}]]),
            layer("Activation", "h", [["a", 0, 0, {}]], activation="hard_sigmoid"),
        ],
        [["x", 0, 0]],
        [["h", 0, 0]],
    )  # fmt: skip
    contents = read(saved)
    assert told(contents) == [
        ("x", "Input", {"shape": [8, 8, 3]}, []),
        ("c", "Conv2D", {"filters": 4, "kernel_size": 3, "kernel_initializer": "he_normal"}, [[("x", 0, 0)]]),
        ("b", "BatchNormalization", {"axis": 3}, [[("c", 0, 0)]]),
        ("l", "LeakyReLU", {"negative_slope": 0.1}, [[("b", 0, 0)]]),
        ("tf.math.multiply", "ops.multiply", {"x2": 2.0}, [[("l", 0, 0)]]),
        ("tf.math.subtract", "ops.subtract", {"x1": 1.0}, [[("tf.math.multiply", 0, 0)]]),
        ("slice", "ops.get_item", {"key": [":", "1::2", 0, "...", None]}, [[("tf.math.subtract", 0, 0)]]),
        ("tf.concat", "ops.concatenate", {"axis": -1}, [[("slice", 0, 0), ("slice", 0, 0)]]),
        ("a", "Add", {}, [[("tf.concat", 0, 0), ("tf.concat", 0, 0)]]),
        ("h", "Activation", {"activation": "hard_sigmoid"}, [[("a", 0, 0)]]),
    ]
    assert contents.model.nodes["b"].calls[0].options == {"training": False}
    assert (contents.version, contents.model.outputs) == ("2.15.0", Source("h", 0, 0))
    assert contents.notes == [
        "alpha of LeakyReLU is negative_slope",
        "tf.math.multiply is ops.multiply",
        "tf.math.subtract is ops.subtract",
        "tf.__operators__.getitem is ops.get_item",
        "tf.concat is ops.concatenate",
        "hard_sigmoid is relu6(x + 3) / 6 in Keras 3, and was clip(0.2 * x + 0.5, 0, 1)",
    ]


def test_nested_models_and_states() -> None:
    """Keras 2 counted the call that made a model, everywhere; and the states of a layer were in the list of its inputs."""
    inner = functional(
        [image("i", 5, 4), layer("Dense", "d", [["i", 0, 0, {}]], units=4)], [["i", 0, 0]], [["d", 0, 0]]
    )
    chain = {"class_name": "Sequential", "config": {"name": "s", "layers": [
        {"class_name": "Dense", "config": {"name": "e", "units": 4, "batch_input_shape": [None, 5, 4], "dtype": "float32"}}]}}  # fmt: skip
    saved = functional(
        [
            image("x", 5, 4),
            {**inner, "name": "inner", "inbound_nodes": [[["x", 0, 0, {}]], [["x", 0, 0, {}]]]},
            {**chain, "name": "s", "inbound_nodes": [[["inner", 2, 0, {}]]]},
            layer("LSTM", "one", [["s", 1, 0, {}]], units=4, return_state=True, time_major=False, implementation=2),
            layer("LSTM", "two", [["s", 1, 0, {}], ["one", 0, 1, {}], ["one", 0, 2, {}]], units=4),
        ],
        [["x", 0, 0]],
        [["two", 0, 0], ["inner", 1, 0], ["s", 1, 0]],
    )
    contents = read(saved)
    assert told(contents)[1:] == [
        ("inner", "", {}, [[("x", 0, 0)], [("x", 0, 0)]]),
        ("s", "", {}, [[("inner", 1, 0)]]),
        ("one", "LSTM", {"units": 4, "return_state": True}, [[("s", 0, 0)]]),
        ("two", "LSTM", {"units": 4}, [[("s", 0, 0), ("one", 0, 1), ("one", 0, 2)]]),
    ]
    assert list(contents.model.nodes["two"].calls[0].tensors) == ["sequences", "initial_state"]
    assert [tuple(it) for it in contents.model.outputs] == [("two", 0, 0), ("inner", 0, 0), ("s", 0, 0)]
    inside = contents.model.nodes["s"].model
    assert inside is not None
    assert list(inside.nodes) == ["e_input", "e"]


def test_a_place_behind_an_input_that_the_file_does_not_have() -> None:
    layers = [
        {"class_name": "Embedding", "config": {"name": "a", "input_dim": 9, "output_dim": 2, "batch_input_shape": [None, 5], "input_length": 5}},
        {"class_name": "Dense", "config": {"name": "b", "units": 0}},
    ]  # fmt: skip
    saved = {"class_name": "Sequential", "config": {"name": "m", "layers": layers}, "keras_version": "2.1.0"}
    with pytest.raises(CompileError) as caught:
        read(saved)
    assert caught.value.diagnostics[0].path == ("config", "layers", 1, "config", "units")
    layers[1]["config"]["units"] = 1  # type: ignore[index]
    assert [it[:3] for it in told(read(saved))] == [
        ("a_input", "Input", {"shape": [5], "dtype": "int32"}),
        ("a", "Embedding", {"input_dim": 9, "output_dim": 2}),
        ("b", "Dense", {"units": 1}),
    ]


def test_names_of_classes_and_functions_that_are_others_now() -> None:
    constant = {"module": "tensorflow.python.ops.init_ops_v2", "class_name": "Constant", "config": {"value": 2.0}}
    dense = layer("Dense", "d", [["x", 0, 0, {}]], units=1, activation="swish", bias_initializer=constant)
    scale = layer(
        "LayerScale", "s", [["d", 0, 0, {}]], trainable=True, dtype="float32", projection_dim=1, init_values=0.5
    )
    scale["module"] = "tf_keras.src.applications.convnext"
    contents = read(functional([image("x", 3), dense, scale], [["x", 0, 0]], [["s", 0, 0]]))
    initializer = {"type": "Constant", "value": 2.0}
    assert told(contents)[1][2] == {"units": 1, "activation": "silu", "bias_initializer": initializer}
    assert told(contents)[2][1] == "EinsumDense"
    assert contents.notes == ["LayerScale of keras.applications is written as EinsumDense"]


def test_functions_that_no_operation_is() -> None:
    saved = functional(
        [image("x", 3), layer("TFOpLambda", "f", ["x", 0, 0, {}], function="py_function")], [["x", 0, 0]], [["f", 0, 0]]
    )
    with pytest.raises(CompileError, match='unknown layer "TFOpLambda"'):
        read(saved)


def test_training() -> None:
    saved = functional([image("x", 3), layer("Dense", "d", [["x", 0, 0, {}]], units=1)], [["x", 0, 0]], [["d", 0, 0]])
    adam = {"class_name": "Adam", "config": {"learning_rate": 0.1, "decay": 0.0, "is_legacy_optimizer": False}}
    loss = {"class_name": "MeanSquaredError", "config": {"reduction": "auto", "name": "mse", "fn": "mse"}}
    made = read({**saved, "training_config": {"loss": loss, "optimizer_config": adam}}).training
    assert made is not None
    assert made["optimizer"]["config"] == {"learning_rate": 0.1}
    assert made["loss"]["config"] == {"reduction": "sum_over_batch_size", "name": "mse"}


@pytest.mark.parametrize(("version", "outputs"), [
    ("3.9.2", ["y", 0, 0]), ("3.10.0", ["y", 0, 0]), (None, ["y", 0, 0]), ("3.11.0", [["y", 0, 0]]), ("3.15.1", [["y", 0, 0]]),
])  # fmt: skip
def test_one_output_was_a_list_of_one(version: str | None, outputs: Any) -> None:
    saved = {"class_name": "Functional", "config": {"layers": [], "output_layers": [["y", 0, 0]]}}
    made = modern(saved, version)
    assert made.saved["config"]["output_layers"] == outputs
    assert saved["config"]["output_layers"] == [["y", 0, 0]]  # type: ignore[index]
