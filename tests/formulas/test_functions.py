"""The functions of formulas."""

from __future__ import annotations

import re

import pytest

from specc import budget, layers, operations
from specc.formulas import functions
from tests.support.formulas import refused


def test_every_operation_is_a_function() -> None:
    for name in operations.names():
        assert functions.find(name.removeprefix("ops."), (0, 1)).keras_name() == name


@pytest.mark.parametrize(("text", "message", "help"), [
    ("np.exp(x)", 'there is no function "np.exp"', "write exp"),
    ("reduce_sum(x)", 'there is no function "reduce_sum"', "write sum"),
    ("torch.cat([x, y])", 'there is no function "torch.cat"', "write concatenate"),
    ("tf.image.resize(x, [4, 4])", 'there is no function "tf.image.resize"', "write image.resize"),
    ("random.normal(x)", 'there is no function "random.normal"',
     "random numbers come from layers: {type: GaussianNoise, stddev: 1.0} of zeros_like(x)"),
    ("batch_norm(x)", 'there is no function "batch_norm"', "did you mean 'batch_normalization'?"),
    ("exq(x)", 'there is no function "exq"', "did you mean 'exp'?"),
    ("Dense(x)", "Dense is a layer, and a formula has operations only", "write an item {type: Dense, name: ...}, and its name here"),
    ("keras.layers.Dense(4)(x)", "Dense is a layer, and a formula has operations only", "write an item {type: Dense, name: ...}, and its name here"),
    ("scan(x)", "scan cannot be used in a spec", operations.REFUSED["ops.scan"]),
])  # fmt: skip
def test_messages(text: str, message: str, help: str) -> None:
    assert refused(text)[:2] == (message, help)


MODULES = "keras.ops. K. tf. tf.math. tf.nn. np. jnp. torch. F. scipy.special.".split()
"""What people write before the name of a function."""
OTHERWISE = {"torch.transpose": "swapaxes", "torch.repeat": "tile", "tf.identity": "copy", "torch.view": "reshape"}
"""Functions that are others there."""
LAYERS = {"batchnormalization", "layernormalization", "rmsnormalization"}
"""Names of layers, which have weights."""
ELSEWHERE = {
    "torch.neg": "negative",
    "tf.math.is_nan": "isnan",
    "torch.asin": "arcsin",
    "tf.clip_by_value": "clip",
    "torch.clamp": "clip",
    "torch.eq": "equal",
    "torch.ge": "greater_equal",
    "tf.reduce_mean": "mean",
    "np.product": "prod",
    "np.around": "round",
    "torch.unsqueeze": "expand_dims",
    "torch.permute": "transpose",
    "K.permute_dimensions": "transpose",
    "torch.cat": "concatenate",
    "tf.concat": "concatenate",
    "tf.gather": "take",
    "torch.gather": "take_along_axis",
    "torch.index_select": "take",
    "tf.fill": "full",
    "tf.range": "arange",
    "torch.bmm": "matmul",
    "torch.topk": "top_k",
    "np.asarray": "array",
    "tf.math.unsorted_segment_sum": "segment_sum",
    "torch.linalg.vector_norm": "norm",
    "tf.tensor_scatter_nd_update": "scatter_update",
    "np.trapz": "trapezoid",
    "tf.reverse": "flip",
    "K.repeat_elements": "repeat",
    "ln": "log",
    "tf.image.rgb_to_hsv": "image.rgb_to_hsv",
    "F.interpolate": "image.resize",
    "F.logsigmoid": "log_sigmoid",
    "F.hardswish": "hard_silu",
}


def camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def test_every_operation_is_meant_by_its_spellings_elsewhere() -> None:
    wrong: dict[str, object] = {}
    for name in (one.removeprefix("ops.") for one in operations.names()):
        last = name.rpartition(".")[2]
        others = {camel(last), last.replace("_", ""), last.upper(), *(module + last for module in MODULES)}
        for text in others - {last}:
            found = functions.known(text) or functions.known(functions.meant(text) or "")
            if found is not functions.known(OTHERWISE.get(text, name)) and text.lower() not in LAYERS:
                wrong[text] = found
        for text in {f"keras.ops.{name}", *(module + last for module in MODULES), f"ops.{camel(last)}"}:
            with budget.compilation(1000):
                help = layers.unknown(text).help or ""
            if f"ops.{OTHERWISE.get(text, name)}" not in help:
                wrong[f"type: {text}"] = help
    assert wrong == {}


@pytest.mark.parametrize("written", ELSEWHERE)
def test_functions_of_other_libraries(written: str) -> None:
    expected = functions.known(ELSEWHERE[written])
    found = layers.unknown(written).help or ""
    _, help, *_ = refused(f"{written}(x)")
    for said in (found, help or ""):
        names = re.findall(r"[\w.]+", said)
        assert any(functions.known(one.removeprefix("ops.")) is expected for one in names)
