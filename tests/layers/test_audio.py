from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import specc
from specc import layers
from specc.calls import Policy
from specc.objects.initializers import STFT
from specc.shapes import Tensor
from tests.support.draws import PER_CLASS, RUN, draws
from tests.support.layer_agreement import agree
from tests.support.layer_checks import example_agrees, problem, refusal
from tests.support.layer_running import agree_and_run

TYPES = layers.FAMILIES["audio"]
_policies = st.sampled_from(["float32", "float32", "mixed_float16", "float64", "bfloat16", "mixed_bfloat16"])
_dtypes = st.sampled_from(["float32", "float32", "float32", "float16", "int16", "bool", "string"])


@pytest.mark.parametrize("name", TYPES)
def test_example(name: str) -> None:
    example_agrees(name)


@draws(40)  # each takes Keras a fifth of a second
@given(data=st.data(), policy=_policies, dtype=_dtypes)
def test_mel_spectrogram(data: st.DataObject, policy: str, dtype: str) -> None:
    size = st.integers(1, 12)
    arguments = data.draw(
        st.fixed_dictionaries(
            {"fft_length": size, "sequence_stride": size},
            optional={
                "sequence_length": st.integers(0, 12) | st.none(),
                "window": st.sampled_from(["hann", "hamming", None, "blackman", [1.0, 2.0, 3.0]]),
                "num_mel_bins": st.integers(1, 4),
                "power_to_db": st.booleans(),
                "max_freq": st.sampled_from([None, 0, 4000, 3999.5]),
            },
        )
    )
    shape = (*data.draw(st.sampled_from([(None,), (2,), (), (None, 3)])), data.draw(st.integers(1, 20)))
    agree_and_run("MelSpectrogram", arguments, Tensor(shape, dtype), policy=policy, run=RUN)


@draws(PER_CLASS)
@given(data=st.data(), policy=_policies, dtype=_dtypes)
def test_stft_spectrogram(data: st.DataObject, policy: str, dtype: str) -> None:
    arguments = data.draw(
        st.fixed_dictionaries(
            {"frame_length": st.integers(2, 8)},
            optional={
                "mode": st.sampled_from(["log", "magnitude", "psd", "real", "imag", "angle", "stft", "polar"]),
                "frame_step": st.integers(1, 9),
                "fft_length": st.integers(1, 17),
                "window": st.sampled_from(["hann", "tukey", None, "kaiser", [1.0, 2.0, 3.0]]),
                "periodic": st.booleans(),
                "scaling": st.sampled_from([None, "density", "spectrum"]),
                "padding": st.sampled_from(["valid", "same"]),
                "expand_dims": st.booleans(),
                "data_format": st.sampled_from([None, "channels_last", "channels_first"]),
                "trainable": st.booleans(),
            },
        )
    )
    sizes = data.draw(st.lists(st.integers(1, 12), min_size=2, max_size=2))
    batch = data.draw(st.sampled_from([(None,), (3,)]))
    # TensorFlow convolves float16 with the channels first on a GPU only.
    run = not (policy == "mixed_float16" and arguments.get("data_format") == "channels_first")
    tensor = Tensor((*batch, *sizes), dtype if run else "float32")
    agree("STFTSpectrogram", arguments, tensor, policy=policy, run=run and RUN)


@pytest.mark.parametrize("shape", [(None, None, 2), (None, 8, None), (None, None, None), (None, 8), (None, 8, 2, 1)])
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_stft_spectrogram_of_unknown_sizes(shape: tuple[int | None, ...], data_format: str) -> None:
    for arguments in ({"frame_length": 4}, {"frame_length": 4, "expand_dims": True, "padding": "same"}):
        agree("STFTSpectrogram", {**arguments, "data_format": data_format}, shape)


def test_mel_spectrogram_of_unknown_length() -> None:
    for shape in ((None, None), (None,), (None, 3, None)):
        agree("MelSpectrogram", {"fft_length": 8}, shape, accepted=True)


def test_frames_of_one_sample() -> None:
    assert not agree("STFTSpectrogram", {"frame_length": 1}, (None, 5, 1))
    assert agree("STFTSpectrogram", {"frame_length": 1, "frame_step": 1}, (None, 5, 1), run=True)


@pytest.mark.parametrize("window", ["hann", None, [1.0, 2.0, 1.0, 0.5]])
def test_stft_kernels_start_as_in_keras(window: Any) -> None:
    cls = layers.find("STFTSpectrogram")
    assert cls is not None
    layer, _ = cls.parse({"frame_length": 4, "window": window, "scaling": "spectrum", "periodic": True})
    assert layer is not None
    ours = list(layer.weights(layer.call({"inputs": Tensor((None, 9, 1))}, {}, Policy.named("float32"))))
    theirs = keras.layers.STFTSpectrogram(frame_length=4, window=window, scaling="spectrum", periodic=True)
    theirs.build((None, 9, 1))
    for weight, variable in zip(ours, theirs.weights, strict=True):
        made = weight.initializer
        assert isinstance(made, STFT)
        initializer = keras.initializers.STFT(made.side, made.window, made.scaling, made.periodic)
        np.testing.assert_array_equal(initializer(weight.shape, "float32"), variable)


@pytest.mark.parametrize(
    ("name", "arguments", "tensor", "message", "help"),
    [
        (
            "MelSpectrogram",
            {},
            Tensor((None, 1000)),
            "needs more than 1024 samples, half of its fft_length, got (None, 1000)",
            "set 'fft_length' to 1999 or less, or give it longer waves",
        ),
        (
            "MelSpectrogram",
            {"dtype": "float64"},
            Tensor((None, 4000)),
            "cannot convert to decibels in float64",
            "set 'dtype' to float32, or 'power_to_db' to false",
        ),
        (
            "STFTSpectrogram",
            {},
            Tensor((None, 100, 1)),
            "needs at least 256 samples for a frame, got (None, 100, 1)",
            "set 'padding' to same, or 'frame_length' to less",
        ),
        (
            "STFTSpectrogram",
            {},
            Tensor((None, 1000, 1), "int16"),
            "transforms float16, float32 and float64 only, not int16",
            "give the Input and the layer dtype float32; a Rescaling layer turns integers into floats",
        ),
        (
            "STFTSpectrogram",
            {},
            Tensor((None, 1000, None)),
            "needs a known size on axis 2 to count its outputs, got (None, 1000, None)",
            "give that dimension a number in the Input's shape",
        ),
    ],
)
def test_refuses(name: str, arguments: dict[str, Any], tensor: Tensor, message: str, help: str) -> None:
    error = refusal(name, arguments, tensor)
    assert (error.message, error.help) == (message, help)


@pytest.mark.parametrize(
    ("name", "arguments", "message", "help"),
    [
        (
            "MelSpectrogram",
            {"fft_length": 8, "sequence_length": 9},
            "has frames of 9 samples for a transform of 8",
            "set 'fft_length' to 9 or more",
        ),
        (
            "MelSpectrogram",
            {"fft_length": 8, "window": [1, 2]},
            "has a window of 2 numbers for frames of 8",
            "give 8 numbers, or the name of a window",
        ),
        (
            "STFTSpectrogram",
            {"frame_length": 8, "frame_step": 9},
            "steps by 9 samples over frames of 8",
            "set 'frame_step' to 8 or less",
        ),
        (
            "STFTSpectrogram",
            {"frame_length": 8, "fft_length": 4},
            "has a transform of 4 samples for frames of 8",
            "set 'fft_length' to 8 or more",
        ),
        (
            "STFTSpectrogram",
            {"frame_length": 1},
            "needs 'frame_step' for frames of 1 sample",
            "add 'frame_step': 1",
        ),
        (
            "STFTSpectrogram",
            {"frame_length": 8, "window": [1]},
            "has a window of 1 numbers for frames of 8",
            "give 8 numbers, or the name of a window",
        ),
    ],
)
def test_refuses_arguments(name: str, arguments: dict[str, Any], message: str, help: str) -> None:
    assert problem(name, arguments)[:2] == (message, help)


@pytest.mark.parametrize("item", [
    "{type: STFTSpectrogram, name: y, frame_length: 64}", "{type: STFTSpectrogram, name: y, frame_length: 64, window: hamming}",
    "{type: Conv1D, name: y, filters: 33, kernel_size: 64, groups: 1, kernel_initializer: {type: STFT, window: hann}}",
])  # fmt: skip
def test_windows_by_name_need_scipy(monkeypatch: pytest.MonkeyPatch, item: str) -> None:
    """It comes with specc; where it was left out, check says so and not Keras, and with it the same spec is built."""
    spec = specc.Spec.from_text(f"layers:\n  - {{type: Input, name: wave, shape: [256, 1]}}\n  - {item}\n")
    assert specc.check(spec) == []
    assert specc.build(spec, seed=0)(np.ones((1, 256, 1), "float32")).shape[0] == 1
    monkeypatch.setitem(sys.modules, "scipy", None)
    (found,) = specc.check(spec)
    assert found.code == "argument-value"
    assert "which needs the package scipy, and that is not installed" in found.message
    assert found.help == "run pip install scipy, or give window as a list of numbers"
    numbers = ", ".join(["1"] * 64)
    assert (
        specc.check(
            specc.Spec.from_text(
                spec.text.replace("frame_length: 64", f"frame_length: 64, window: [{numbers}]")
                .replace(", window: hamming", "")
                .replace("window: hann", f"window: [{numbers}]")
            )
        )
        == []
    )


def test_no_other_layer_needs_a_package_that_specc_does_not_bring() -> None:
    """Keras imports these packages only where they are needed, in the modules that layers and operations are in."""
    source = Path(keras.__file__ or "").parent / "src"
    used = set()
    for folder in ("layers", "ops", "backend/tensorflow", "initializers", "losses", "metrics", "optimizers"):
        for path in (source / folder).rglob("*.py"):
            if not path.name.endswith("_test.py"):
                used |= set(re.findall(r"module_utils import (\w+)", path.read_text(encoding="utf-8")))
    assert used <= {"tensorflow", "scipy"}
