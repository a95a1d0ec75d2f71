"""Files of Keras 2, and of the first versions of Keras 3, in the form that Keras 3 has now.

Only the form changes here: what does not exist any more stays as it is, for the reader to refuse. Layers keep their
places in the file.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from specc.archive.names import public
from specc.archive.reading.operations import type_of
from specc.archive.reading.tf_operations import of_function, of_slices

MODELS = ("Functional", "Sequential", "Model")
Saved = dict[str, Any]
_RENAMED = {
    ("InputLayer", "batch_input_shape"): "batch_shape",
    ("LeakyReLU", "alpha"): "negative_slope",
}
"""Arguments that have another name now, by class."""
_GONE: dict[str, Any] = dict.fromkeys(
    [
        "batch_input_shape",
        "implementation",
        "input_length",
        "is_legacy_optimizer",
        "fused",
        "rng_type",
        "query_shape",
        "key_shape",
        "value_shape",
        "fn",
        "experimental_autocast",
        "virtual_batch_size",
        "adjustment",
        "renorm_clipping",
        "renorm_momentum",
        "jit_compile_optimizer",
    ]
) | {"time_major": False, "renorm": False, "decay": 0.0, "dynamic": False, "softmax_robust_masking": False}
"""Arguments that are gone, with the value that they had no effect with; None if no value had any."""
_NO_GROUPS = ("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose", "DepthwiseConv1D", "DepthwiseConv2D", "SeparableConv1D", "SeparableConv2D")  # fmt: skip
_NO_KERNEL = ("DepthwiseConv1D", "DepthwiseConv2D", "SeparableConv1D", "SeparableConv2D")
"""Layers that saved arguments of the convolution that they were made from."""
_RECURRENT = ("LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D")
"""Layers whose states stood in the list of their inputs."""
_NO_LAYER = "_CONSTANT_VALUE"
"""Stands for a constant where a layer's name is expected."""


class Modern(NamedTuple):
    """A model in the form that Keras 3 has."""

    saved: Saved
    notes: list[str]
    """What was changed, a sentence each."""
    inserted: int = 0
    """How many layers stand before those in the file."""


def modern(saved: Saved, version: str | None) -> Modern:
    """A model in the form that Keras 3 has."""
    if _is_of_keras_2(saved, version):
        change = _Change()
        made = change.model(saved)
        return Modern(made, _counted(change.notes), change.inserted)
    if version is None or _number(version) < (3, 11):
        return Modern(_single(saved), [])
    return Modern(saved, [])


def _number(version: str) -> tuple[int, ...]:
    """
    >>> _number("3.9.2"), _number("3.10.0.dev1"), _number("new")
    ((3, 9), (3, 10), (99,))
    """
    parts = version.split(".")[:2]
    return tuple(map(int, parts)) if all(it.isdecimal() and len(it) < 5 for it in parts) else (99,)


def _is_of_keras_2(saved: Saved, version: str | None) -> bool:
    if version is not None:
        return _number(version) < (3,)
    layers = _layers(saved)
    return any(
        isinstance(it, dict)
        and ("batch_input_shape" in _map(it.get("config")) or any(isinstance(call, list) for call in _list(it.get("inbound_nodes"))))
        for it in layers
    )  # fmt: skip


def _layers(saved: Saved) -> list[Any]:
    return _list(_map(saved.get("config")).get("layers"))


def _map(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _single(saved: Saved) -> Saved:
    """A model of Keras before 3.11, which saved one output as a list of one; and the models in it and in its layers."""
    config = dict(_map(saved.get("config")))
    if isinstance(config.get("layers"), list):
        config["layers"] = [_single(it) if _may_have_models(it) else it for it in config["layers"]]
    for key, value in config.items():
        if _may_have_models(value):
            config[key] = _single(value)
    if saved.get("class_name") == "Functional":
        _unwrap(config)
    return {**saved, "config": config}


def _may_have_models(value: Any) -> bool:
    """Whether it is a model, or a layer with one in it."""
    if not isinstance(value, dict) or not isinstance(value.get("config"), dict):
        return False
    return value.get("class_name") in MODELS or any(
        isinstance(it, dict) and it.get("class_name") in MODELS for it in value["config"].values()
    )


def _unwrap(config: dict[str, Any]) -> None:
    outputs = config.get("output_layers")
    if isinstance(outputs, list) and len(outputs) == 1 and isinstance(outputs[0], list):
        config["output_layers"] = outputs[0]


class _Change:
    """Changes the objects of one file, and notes what was changed."""

    def __init__(self) -> None:
        self.notes: list[tuple[str, str]] = []
        self.inserted = 0
        """How many layers were put before those of the outermost model."""

    def model(self, saved: Saved) -> Saved:
        """A model."""
        config = dict(_map(saved.get("config")))
        listed = config.get("layers")
        if not isinstance(listed, list):
            return saved
        nested = {
            it["name"]
            for it in listed
            if isinstance(it, dict) and it.get("class_name") in MODELS and isinstance(it.get("name"), str)
        }
        kind = str(saved.get("class_name")).replace("Model", "Functional")
        before = _input(listed) if kind == "Sequential" else []
        config["layers"] = before + [self.layer(it, nested) for it in listed]
        self.inserted = len(before)  # the outermost model is the last
        _unwrap(config)
        if kind != "Sequential":
            config["output_layers"] = _counted_anew(config.get("output_layers"), config["layers"])
        found = {**saved, "class_name": kind, "config": config}
        training = saved.get("training_config")
        if isinstance(training, dict) and "compile_config" not in found:
            found["compile_config"] = {**training, "optimizer": training.get("optimizer_config")}
            del found["training_config"]
        if isinstance(found.get("compile_config"), dict):
            found["compile_config"] = self.values(found["compile_config"])
        return found

    def layer(self, saved: Any, nested: set[Any]) -> Any:
        """A layer of a model whose nested models have these names."""
        if not isinstance(saved, dict):
            return saved
        found = self.model(saved) if saved.get("class_name") in MODELS else self.object(saved)
        if not isinstance(saved.get("inbound_nodes"), list):
            return found
        kind = str(saved.get("class_name"))
        calls = [_call(it, nested, kind) for it in saved["inbound_nodes"]]
        made = _operation(saved, calls) if kind in ("TFOpLambda", "SlicingOpLambda") else None
        if made is not None:
            was, now = f"tf.{saved['config']['function']}", type_of(made["module"], made["class_name"])
            self.notes.append((was, f"is {now}"))
            return made
        return {**found, "inbound_nodes": calls}

    def object(self, saved: Saved) -> Saved:
        """A layer, an initializer, a loss..., and what is in its arguments."""
        kind = str(saved.get("class_name"))
        config = saved.get("config")
        if not isinstance(config, dict):
            return saved
        made: dict[str, Any] = {}
        for key, value in config.items():
            if _is_gone(kind, key, value):
                continue
            name = _RENAMED.get((kind, key)) or str(key)
            if name != key and kind != "InputLayer":
                self.notes.append((f"{key} of {kind}", f"is {name}"))
            if value == "hard_sigmoid":
                self.notes.append(("hard_sigmoid", "is relu6(x + 3) / 6 in Keras 3, and was clip(0.2 * x + 0.5, 0, 1)"))
            made[name] = "silu" if value == "swish" else self.values(value)
        if kind in ("BatchNormalization", "LayerNormalization", "UnitNormalization"):
            axis = made.get("axis")
            if isinstance(axis, list) and len(axis) == 1:
                made["axis"] = axis[0]
        if made.get("reduction") == "auto":
            made["reduction"] = "sum_over_batch_size"
        found = {**saved, "class_name": _CLASSES.get(kind, kind), "config": made}
        module = saved.get("module")
        if isinstance(module, str):
            found["module"] = _INITIALIZERS if module.startswith(_OF_TENSORFLOW) else module.removeprefix("tf_")
        return found

    def values(self, value: Any) -> Any:
        """A value of an argument."""
        if isinstance(value, list):
            return [self.values(it) for it in value]
        if not isinstance(value, dict):
            return value
        if value.get("class_name") == "__tuple__":
            return self.values(value.get("items"))
        if value.get("class_name") in MODELS:
            return self.model(value)
        if "class_name" in value and "config" in value:
            return self.object(value)
        return {key: self.values(it) for key, it in value.items()}


_OF_TENSORFLOW, _INITIALIZERS = "tensorflow.python.ops.init_ops", "keras.initializers"
_CLASSES = {"BatchNormalizationV1": "BatchNormalization", "BatchNormalizationV2": "BatchNormalization"}
"""Names that classes had in files."""


def _is_gone(kind: str, key: str, value: Any) -> bool:
    """Whether an argument of a class is no more, and had no effect."""
    if (kind, key) in _RENAMED:
        return False
    if kind in _NO_GROUPS and key == "groups":
        return bool(value == 1)
    if kind in _NO_KERNEL and key in ("filters", "kernel_initializer", "kernel_regularizer", "kernel_constraint"):
        return kind.startswith("Depthwise") or key != "filters"
    return key in _GONE and _GONE[key] in (None, value)


def _counted(notes: list[tuple[str, str]]) -> list[str]:
    """Notes, equal ones once.

    >>> _counted([("alpha", "is beta"), ("alpha", "is beta")])
    ['alpha is beta (2 times)']
    """
    counts: dict[str, int] = {}
    for what, now in notes:
        counts[f"{what} {now}"] = counts.get(f"{what} {now}", 0) + 1
    return [note if count == 1 else f"{note} ({count} times)" for note, count in counts.items()]


def _input(layers: list[Any]) -> list[Any]:
    """The Input that a Sequential has, if it is in the configuration of its first layer."""
    first = layers[0] if layers and isinstance(layers[0], dict) else {}
    config = _map(first.get("config"))
    if first.get("class_name") in (None, "InputLayer", *MODELS) or not isinstance(
        config.get("batch_input_shape"), list
    ):
        return []
    dtype = "int32" if first["class_name"] == "Embedding" else config.get("dtype")
    name = f"{config.get('name')}_input"
    return [
        public("keras.layers", "InputLayer", {"name": name, "batch_shape": config["batch_input_shape"], "dtype": dtype})
    ]


# -- Calls ---------------------------------------------------------------------------------------


def _call(saved: Any, nested: set[Any], kind: str) -> Any:
    """A call of Keras 2, a list of what is taken from where, as the arguments of one."""
    if not isinstance(saved, list):
        return saved
    entries = [saved] if _is_entry(saved) else saved
    if not entries or not all(map(_is_entry, entries)):
        return saved
    given = [_tensor(it, nested) for it in entries]
    named = {key: _argument(value, nested) for key, value in _keywords(entries[0]).items()}
    if kind in _RECURRENT and len(given) > 1:
        return {"args": given[:1], "kwargs": {**named, "initial_state": given[1:]}}
    return {"args": given if len(given) == 1 else [given], "kwargs": named}


def _operation(saved: Saved, calls: list[Any]) -> Saved | None:
    """A function of TensorFlow as an operation; None if there is none."""
    name, function = saved.get("name"), _map(saved.get("config")).get("function")
    call = _map(calls[0]) if len(calls) == 1 else {}
    given, named = _list(call.get("args")), call.get("kwargs")
    if not isinstance(name, str) or not isinstance(function, str) or not given or not isinstance(named, dict):
        return None
    if saved["class_name"] == "SlicingOpLambda":
        return of_slices(name, given[0], named)
    return of_function(name, function, given[0], named)


def _keywords(entry: list[Any]) -> dict[str, Any]:
    return _map(entry[3]) if len(entry) > 3 else {}


def _is_entry(value: Any) -> bool:
    """Whether a value is a layer's name and two numbers, with the other arguments of the call or without."""
    return isinstance(value, list) and len(value) in (3, 4) and isinstance(value[0], str) and isinstance(value[1], int)


def _tensor(entry: list[Any], nested: set[Any]) -> Any:
    layer, call, output = entry[:3]
    if layer == _NO_LAYER:
        return output
    call -= layer in nested  # Keras 2 counted the call that made the model
    return {"class_name": "__keras_tensor__", "config": {"keras_history": [layer, call, output]}}


def _argument(value: Any, nested: set[Any]) -> Any:
    """An argument that may be a tensor, or have some."""
    if isinstance(value, list):
        if len(value) == 3 and _is_entry(value) and isinstance(value[2], int):
            return _tensor(value, nested)
        return [_argument(it, nested) for it in value]
    if isinstance(value, dict):
        return {key: _argument(it, nested) for key, it in value.items()}
    return value


def _counted_anew(outputs: Any, layers: list[Any]) -> Any:
    """The outputs of a model; of a nested Sequential, Keras 3 does not count the call that made it."""
    chains = [it.get("name") for it in layers if isinstance(it, dict) and it.get("class_name") == "Sequential"]
    if isinstance(outputs, dict):
        return {key: _counted_anew(it, layers) for key, it in outputs.items()}
    if not isinstance(outputs, list):
        return outputs
    if _is_entry(outputs):
        layer, call, *rest = outputs
        return [layer, call - (layer in chains), *rest]
    return [_counted_anew(it, layers) for it in outputs]
