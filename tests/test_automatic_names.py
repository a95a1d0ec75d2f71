"""The names that Keras gives to layers without one."""

from __future__ import annotations

import pytest

from specc.automatic_names import AutomaticNames, automatic_help, snake_case
from tests.support.nodes import nodes


@pytest.mark.parametrize(("type", "name"), [
    ("Dense", "dense"), ("Conv2DTranspose", "conv2d_transpose"), ("LSTM", "lstm"), ("ReLU", "re_lu"), ("PReLU", "p_re_lu"),
    ("Input", "input_layer"), ("GroupQueryAttention", "grouped_query_attention"), ("ops.matmul", "matmul"),
    ("STFTSpectrogram", "stft_spectrogram"), ("residual", "residual"),
])  # fmt: skip
def test_names_of_types(type: str, name: str) -> None:
    assert snake_case(type) == name


def test_they_are_counted_in_their_scope_and_avoid_names_that_are_given() -> None:
    names = AutomaticNames({"dense_1", "dropout"})
    assert [names.next(type) for type in ("Dense", "Dense", "Dropout", "Dense")] == [
        "dense",
        "dense_2",
        "dropout_1",
        "dense_3",
    ]
    assert AutomaticNames().next("Dense") == "dense"


def test_an_alias_has_the_name_of_its_class() -> None:
    text = "layers: [{type: Input, name: x, shape: [8, 8, 1]}, {type: Convolution2D, filters: 1, kernel_size: 1}]"
    assert nodes(text)[1] == "conv2d (automatic): Conv2D  <- inputs: x  filters=1  kernel_size=1"


def test_the_help_says_to_give_the_name() -> None:
    assert automatic_help("dense") == "'dense' is an automatic name; give the layer the name itself to refer to it"
