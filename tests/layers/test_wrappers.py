from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import specc
from specc.backends.keras_model import realize
from specc.calls import Policy
from specc.shapes import Tensor
from tests.support.checking import codes, spec
from tests.support.draws import PER_CLASS, RUN, draws
from tests.support.layer_agreement import agree
from tests.support.layer_checks import masks, message_and_help, parsed, problems_of, same_paths
from tests.support.layer_draws import cells, extra, flags, settings_of_cells

X = Tensor((None, 4, 3))


@st.composite
def recurrent(draw: st.DrawFn, **more: Any) -> dict[str, Any]:
    name = draw(st.sampled_from(["SimpleRNN", "LSTM", "GRU", "RNN"]))
    own = {"cell": draw(cells)} if name == "RNN" else {**draw(settings_of_cells), **draw(extra[name])}
    return {"type": name, **own, **draw(flags), **more}


@draws(PER_CLASS)
@given(
    layer=recurrent(),
    merge_mode=st.sampled_from(["concat", "sum", "mul", "ave", None]),
    batch=st.sampled_from([None, 2]),
    dtype=st.sampled_from([None, None, "float64"]),
    policy=st.sampled_from(["float32", "mixed_float16"]),
)
def test_bidirectional(
    layer: dict[str, Any], merge_mode: str | None, batch: int | None, dtype: str | None, policy: str
) -> None:
    arguments = {"layer": layer, "merge_mode": merge_mode, **({"dtype": dtype} if dtype else {})}
    agree("Bidirectional", arguments, Tensor((batch, 4, 3)), policy=policy, run=RUN)


@draws(50)
@given(
    layer=recurrent(units=3),
    backward=recurrent(go_backwards=True),
    merge_mode=st.sampled_from(["sum", None]),
    alike=st.booleans(),
)
def test_bidirectional_of_two_layers(
    layer: dict[str, Any], backward: dict[str, Any], merge_mode: str | None, alike: bool
) -> None:
    layer = {name: value for name, value in layer.items() if name != "units" or "cell" not in layer}
    own = {name: value for name, value in layer.items() if name != "type"}
    states = len(parsed(layer["type"], own).state_names())
    units = layer["cell"]["units"] if "cell" in layer else layer["units"]
    flags = {flag: layer.get(flag, False) for flag in ("stateful", "return_sequences", "return_state")}
    if alike:
        backward = {"type": "LSTM" if states == 2 else "GRU", "units": units, "go_backwards": True, **flags}
    else:
        backward = {**backward, "return_state": not flags["return_state"]}
    agree(
        "Bidirectional",
        {"layer": layer, "backward_layer": backward, "merge_mode": merge_mode},
        Tensor((2, 4, 3)),
        run=RUN,
    )


GRU = {"type": "GRU", "units": 3}
LSTM = {"type": "LSTM", "units": 3}
BACK = {**GRU, "go_backwards": True}


@pytest.mark.parametrize(
    ("arguments", "inputs", "accepted"),
    [
        ({"layer": {"type": "Dense", "units": 3}}, X, False),
        ({"layer": {"type": "Bidirectional", "layer": GRU}}, X, False),
        ({"layer": GRU, "backward_layer": GRU}, X, False),
        ({"layer": BACK}, X, False),
        ({"layer": BACK, "backward_layer": GRU}, X, True),
        ({"layer": GRU, "backward_layer": {**BACK, "return_sequences": True}}, X, False),
        ({"layer": GRU, "backward_layer": {**BACK, "units": 5}, "merge_mode": "sum"}, X, False),
        ({"layer": GRU, "backward_layer": {**LSTM, "go_backwards": True}}, X, True),
        ({"layer": {**GRU, "stateful": True, "return_state": True}}, Tensor((2, 4, 3)), False),
        ({"layer": {**GRU, "stateful": True}}, Tensor((2, 4, 3)), True),
        ({"layer": {**GRU, "stateful": True}}, X, False),
        ({"layer": GRU}, {"sequences": X, "initial_state": [Tensor((None, 3))] * 2}, True),
        ({"layer": LSTM}, {"sequences": X, "initial_state": [Tensor((None, 3))] * 4}, True),
        ({"layer": LSTM}, {"sequences": X, "initial_state": [Tensor((None, 3))] * 2}, False),
        ({"layer": GRU}, {"sequences": X, "initial_state": [Tensor((None, 4))] * 2}, False),
        ({"layer": {**GRU, "return_sequences": True}}, {"sequences": X, "mask": Tensor((None, 4), "bool")}, True),
        ({"layer": {**GRU, "dtype": "float64", "return_state": True}}, X, True),
        (
            {"layer": {"type": "ConvLSTM1D", "filters": 2, "kernel_size": 2, "return_state": True}},
            (None, 4, 5, 3),
            True,
        ),
        (
            {"layer": {"type": "ConvLSTM1D", "filters": 2, "kernel_size": 2, "data_format": "channels_first"}},
            (None, 4, 5, 3),
            True,
        ),
        ({"layer": GRU}, (None, 4, 3, 2), False),
    ],
)
def test_bidirectional_cases(arguments: dict[str, Any], inputs: Any, accepted: bool | None) -> None:
    agree("Bidirectional", arguments, inputs, accepted=accepted, run=accepted is not None)


@pytest.mark.parametrize("merge_mode", ["concat", None])
def test_bidirectional_of_unlike_directions(merge_mode: str | None) -> None:
    """Keras says of both directions what the forward layer gives, which is not what comes out."""
    x = keras.Input((4, 3))
    wrapped = keras.layers.Bidirectional(
        keras.layers.GRU(3), merge_mode, backward_layer=keras.layers.GRU(5, go_backwards=True)
    )
    said = keras.tree.flatten(wrapped(x))
    gives = keras.tree.flatten(wrapped(np.zeros((2, 4, 3), "float32")))
    assert [tensor.shape[-1] for tensor in said] != [tensor.shape[-1] for tensor in gives]
    arguments = {"layer": GRU, "backward_layer": {**BACK, "units": 5}, "merge_mode": merge_mode}
    assert message_and_help("Bidirectional", arguments, {"sequences": X}) == (
        "needs two directions of the same shape, got (None, 3) and (None, 5)",
        "make layer and backward_layer give the same shape",
    )


def test_bidirectional_states_of_stacked_cells() -> None:
    cell = [{"type": "LSTMCell", "units": 3}, {"type": "GRUCell", "units": 2}]
    layer = parsed("Bidirectional", {"layer": {"type": "RNN", "cell": cell}})
    shapes = [(None, 3), (None, 3), (None, 2)] * 2
    x, *states = keras.Input((4, 3)), *(keras.Input(batch_shape=shape) for shape in shapes)
    grouped = layer.nest("initial_state", states)
    assert grouped == [[states[0], states[1]], states[2], [states[3], states[4]], states[5]]
    model = keras.Model([x, *states], realize(layer)(x, initial_state=grouped))
    model([keras.ops.zeros((2, *tensor.shape[1:])) for tensor in [x, *states]])
    call = layer.call({"sequences": X, "initial_state": tuple(map(Tensor, shapes))}, {}, Policy.named("float32"))
    assert layer.infer(call)[0].shape == (None, 4)


def test_bidirectional_ports() -> None:
    with_states = {"layer": {**LSTM, "return_state": True}}
    states = ("forward_state_h", "forward_state_c", "backward_state_h", "backward_state_c")
    assert parsed("Bidirectional", with_states).ports({}) == ("output", *states)
    assert parsed("Bidirectional", {**with_states, "merge_mode": None}).ports({}) == (
        "forward_output",
        "backward_output",
        *states,
    )
    assert parsed("Bidirectional", {"layer": GRU}).switched_ports() == {
        "forward_state": "return_state: true in its layer",
        "backward_state": "return_state: true in its layer",
        "forward_output": "merge_mode: null",
        "backward_output": "merge_mode: null",
    }


@pytest.mark.parametrize(
    "arguments",
    [
        {"layer": LSTM},
        {"layer": {**LSTM, "name": "forward_mine"}},
        {"layer": LSTM, "backward_layer": {**LSTM, "go_backwards": True}},
        {"layer": {"type": "RNN", "cell": [{"type": "LSTMCell", "units": 2}, {"type": "LSTMCell", "units": 2}]}},
    ],
)
def test_bidirectional_paths_of_weights(arguments: dict[str, Any]) -> None:
    same_paths("Bidirectional", arguments, {"sequences": X})


INNER = [
    ({"type": "Dense", "units": 3}, 1),
    ({"type": "Dense", "units": 3, "trainable": False, "dtype": "float64"}, 1),
    ({"type": "LSTM", "units": 3}, 2),
    ({"type": "LSTM", "units": 3, "stateful": True}, 2),
    ({"type": "LSTM", "units": 3, "return_state": True}, 2),
    ({"type": "Bidirectional", "layer": {"type": "GRU", "units": 2}}, 2),
    ({"type": "Bidirectional", "layer": {"type": "GRU", "units": 2}, "merge_mode": None}, 2),
    ({"type": "TimeDistributed", "layer": {"type": "Dense", "units": 2}}, 2),
    ({"type": "ConvLSTM1D", "filters": 2, "kernel_size": 2}, 3),
    ({"type": "LSTMCell", "units": 2}, 1),
    ({"type": "MultiHeadAttention", "num_heads": 1, "key_dim": 2}, 2),
    ({"type": "Attention"}, 2),
    ({"type": "Identity"}, 1),
]


@draws(PER_CLASS)
@given(
    st.data(),
    st.sampled_from(INNER),
    st.sampled_from(["float32", "int32", "bool"]),
    st.sampled_from(["float32", "mixed_float16"]),
)
def test_time_distributed(data: st.DataObject, inner: tuple[dict[str, Any], int], dtype: str, policy: str) -> None:
    layer, rank = inner
    rank += data.draw(st.sampled_from([0, 0, 0, 1, -1]))
    shape = (
        data.draw(st.sampled_from([None, 2])),
        data.draw(st.sampled_from([None, 1, 3])),
        *(data.draw(st.integers(2, 4)) for _ in range(rank)),
    )
    agree("TimeDistributed", {"layer": layer}, Tensor(shape, dtype), policy=policy, run=RUN)


@pytest.mark.parametrize(
    ("layer", "shape", "mask", "accepted"),
    [
        ({"type": "Dense", "units": 3}, (None, 4, 6), (None, 4), True),
        ({"type": "Dense", "units": 3}, (None, 4, 6), (None, 3), False),
        ({"type": "Dense", "units": 3}, (None, 4, 6), (None,), False),
        ({"type": "Dense", "units": 3}, (2, 4, 6), (3, 4), False),
        ({"type": "Dense", "units": 3}, (None, 4, 6), (None, 4, 6), True),
        (LSTM, (None, 4, 6, 2), (None, 4, 6), True),
        (LSTM, (None, 4, 6, 2), (None, 4), False),
    ],
)
def test_time_distributed_masks(layer: dict[str, Any], shape: Any, mask: Any, accepted: bool) -> None:
    agree(
        "TimeDistributed",
        {"layer": layer},
        {"inputs": Tensor(shape), "mask": Tensor(mask, "bool")},
        accepted=accepted,
        run=True,
    )


@pytest.mark.parametrize("shape", [(2, 4, 3, 2), (2, 4, 3, 2, 2), (2, 4, 2, 2), (2, 4, 3)])
@pytest.mark.parametrize(
    "layer",
    [
        {"type": "CategoryEncoding", "num_tokens": 5, "output_mode": "count"},
        {"type": "Hashing", "num_bins": 4, "output_mode": "one_hot"},
    ],
)
def test_time_distributed_layers_that_announce_other_shapes(layer: dict[str, Any], shape: Any) -> None:
    """Keras announces of each step what the layer inside announces, and gives what it gives."""
    agree("TimeDistributed", {"layer": layer}, Tensor(shape, "int32"), accepted=True, run=True)


def test_masks_that_come_out() -> None:
    masked = X._replace(mask=(None, 4))
    assert masks("TimeDistributed", {"layer": {"type": "Dense", "units": 2}}, {"inputs": masked}) == [(None, 4)]
    wide = Tensor((None, 4, 6, 2), mask=(None, 4, 6))
    assert masks("TimeDistributed", {"layer": LSTM}, {"inputs": wide}) == [(None, 4, 6)]
    both = {"layer": {**GRU, "return_sequences": True}}
    assert masks("Bidirectional", both, {"sequences": masked}) == [(None, 4)]
    assert masks("Bidirectional", {**both, "merge_mode": None}, {"sequences": masked}) == [(None, 4), (None, 4)]
    assert masks("Bidirectional", {"layer": {**GRU, "return_state": True}}, {"sequences": masked}) == [None, None, None]


UNLIKE = [
    ("{type: Dense, units: 3", "float32", "float64"),
    ("{type: Dense, units: 3", "float16", "float32"),
    ("{type: Conv1D, filters: 2, kernel_size: 2", "mixed_float16", "float32"),
    ("{type: LayerNormalization", "float32", "float16"),
    ("{type: RMSNormalization", "float32", "float64"),
    ("{type: LSTM, units: 3", "float64", "float32"),
    ("{type: ReLU", "float16", "float32"),
    ("{type: Rescaling, scale: 2", "float16", "float64"),
    ("{type: Discretization, bin_boundaries: [1, 2]", "float64", "float32"),
]


@pytest.mark.parametrize(("inner", "own", "within"), UNLIKE)
def test_time_distributed_of_unlike_dtypes(inner: str, own: str, within: str) -> None:
    text = f"""
        layers:
          - {{type: Input, name: x, shape: [2, 4, 5]}}
          - {{type: TimeDistributed, name: y, dtype: {own}, layer: {inner}, dtype: {within}}}}}
    """
    dtype = specc.compile(spec(text)).outputs["y"].dtype
    predicted = specc.build(spec(text)).predict(np.zeros((3, 2, 4, 5)), verbose=0)
    assert str(predicted.dtype) == dtype


@pytest.mark.parametrize("policy", ["float32", "mixed_float16"])
def test_time_distributed_of_integers(policy: str) -> None:
    text = f"""
        dtype_policy: {policy}
        layers:
          - {{type: Input, name: x, shape: [2, 4, 5], dtype: int32}}
          - {{type: TimeDistributed, name: same, layer: Identity, from: x}}
          - {{type: TimeDistributed, name: pooled, layer: MaxPooling1D, from: x}}
          - {{type: TimeDistributed, name: scaled, layer: {{type: Rescaling, scale: 0.5, dtype: float64}}, from: x}}
          - {{type: TimeDistributed, name: dense, layer: {{type: Dense, units: 3, dtype: float32}}, from: x}}
          - {{type: TimeDistributed, name: double, dtype: float64, layer: {{type: Dense, units: 3}}, from: x}}
        outputs: {{same: same, pooled: pooled, scaled: scaled, dense: dense, double: double}}
    """
    model = specc.build(spec(text))
    predicted = model.predict(np.ones((3, 2, 4, 5), "int32"), verbose=0)
    assert {name: str(value.dtype) for name, value in predicted.items()} == {
        name: output.dtype for name, output in specc.compile(spec(text)).outputs.items()
    }


@pytest.mark.parametrize(
    "inner",
    ["{type: Conv1D, filters: 2, kernel_size: 2}", "PReLU", "{type: SeparableConv1D, filters: 2, kernel_size: 2}"],
)
@pytest.mark.parametrize("own", ["float16", "float64"])
def test_time_distributed_that_its_weights_refuse(inner: str, own: str) -> None:
    text = (
        f"layers: [{{type: Input, name: x, shape: [2, 4, 5]}}, {{type: TimeDistributed, dtype: {own}, layer: {inner}}}]"
    )
    assert codes(text) == ["dtype-mismatch"]


def test_time_distributed_paths_of_weights() -> None:
    same_paths("TimeDistributed", {"layer": {"type": "Dense", "units": 2}}, {"inputs": X})
    same_paths(
        "TimeDistributed", {"layer": {"type": "Bidirectional", "layer": LSTM}}, {"inputs": Tensor((None, 4, 6, 2))}
    )


def test_messages() -> None:
    td = {"layer": {"type": "Dense", "units": 2}}
    assert (
        message_and_help("TimeDistributed", td, {"inputs": Tensor((None, 4))})[0]
        == "needs an input of at least 3 dimensions, got (None, 4) with 2"
    )
    assert message_and_help("TimeDistributed", td, {"inputs": X, "mask": Tensor((None, 3), "bool")}) == (
        "needs a mask whose shape begins with (None, 4), got (None, 3)",
        "a mask has one value for each time step: (batch, time)",
    )
    assert message_and_help("TimeDistributed", td, {"inputs": X._replace(dtype="string")})[0] == "cannot take strings"
    assert message_and_help(
        "Bidirectional", {"layer": GRU}, {"sequences": X, "initial_state": (Tensor((None, 3)),)}
    ) == (
        "has 2 states, got 1 in 'initial_state'",
        "give them in this order: forward_state, backward_state",
    )
    other = {"layer": GRU, "backward_layer": {**BACK, "units": 5}, "merge_mode": "sum"}
    assert message_and_help("Bidirectional", other, {"sequences": X}) == (
        "cannot merge (None, 3) and (None, 5) by sum",
        "make layer and backward_layer give the same shape",
    )
    mixed = {"layer": GRU, "backward_layer": {**LSTM, "go_backwards": True}}
    assert message_and_help("Bidirectional", mixed, {"sequences": X, "initial_state": (Tensor((None, 3)),) * 3}) == (
        "cannot halve its initial states between layers with different numbers of states",
        "use the same type for layer and backward_layer",
    )


@pytest.mark.parametrize(
    ("type_name", "arguments", "message", "path", "help"),
    [
        (
            "Bidirectional",
            {"layer": {"type": "Dense", "units": 3}},
            "layer must be a recurrent layer (SimpleRNN, LSTM, GRU, RNN or a ConvLSTM), not Dense",
            ("layer",),
            "TimeDistributed applies any layer to each time step",
        ),
        (
            "Bidirectional",
            {"layer": BACK},
            "layer must not go backwards, since the copy for the other direction does",
            ("layer", "go_backwards"),
            "remove go_backwards from layer, or give backward_layer",
        ),
        (
            "Bidirectional",
            {"layer": GRU, "backward_layer": GRU},
            "one of layer and backward_layer must go backwards, the other not",
            ("backward_layer",),
            "add go_backwards: true to backward_layer",
        ),
        (
            "Bidirectional",
            {"layer": {**GRU, "return_sequences": True}, "backward_layer": BACK},
            "layer and backward_layer must have the same return_sequences",
            ("backward_layer",),
            "set return_sequences to true on backward_layer",
        ),
        (
            "Bidirectional",
            {
                "layer": {**GRU, "return_state": True},
                "backward_layer": {**LSTM, "go_backwards": True, "return_state": True},
            },
            "can return the states only of two layers with the same number of states",
            ("backward_layer",),
            "use the same type for both, or remove return_state",
        ),
        (
            "Bidirectional",
            {"layer": {**GRU, "return_state": True, "stateful": True}},
            "cannot wrap a layer that is stateful and returns its states",
            ("layer",),
            "remove stateful or return_state",
        ),
        (
            "Bidirectional",
            {"layer": GRU, "weights": []},
            "'weights' cannot be given in a spec",
            ("weights",),
            "load weights into the built model",
        ),
        (
            "TimeDistributed",
            {"layer": {"type": "LSTMCell", "units": 3}},
            "cannot wrap LSTMCell, which takes several inputs",
            ("layer",),
            "it gives its layer one tensor, a time step; a nested block with one input can contain the rest",
        ),
        (
            "TimeDistributed",
            {"layer": "Attention"},
            "cannot wrap Attention, which takes a list in 'inputs'",
            ("layer",),
            "it gives its layer one tensor, a time step; a nested block with one input can contain the rest",
        ),
        (
            "TimeDistributed",
            {"layer": {"type": "Input", "shape": [3]}},
            "cannot wrap Input, which takes no inputs",
            ("layer",),
            "it gives its layer one tensor, a time step; a nested block with one input can contain the rest",
        ),
        (
            "TimeDistributed",
            {"layer": {**LSTM, "return_state": True}},
            "cannot wrap LSTM with 3 outputs",
            ("layer",),
            "let the layer give one output: remove return_state, or set merge_mode",
        ),
    ],
)
def test_problems(type_name: str, arguments: dict[str, Any], message: str, path: tuple[Any, ...], help: str) -> None:
    (problem,) = problems_of(type_name, arguments)
    assert (problem.message, problem.path, problem.help) == (message, path, help)
