"""Contracts hold, or it is said which one does not."""

from __future__ import annotations

from typing import Any

import pytest

import specc
from tests.support.checking import codes, said, spec
from tests.support.helps import helps

BASE = {
    "layers": [
        {"type": "Input", "name": "x", "shape": [99]},
        {"type": "Dense", "name": "h", "units": 10, "trainable": False},
        {"type": "Dense", "name": "y", "units": 4},
    ]
}
"""1,000 + 44 parameters."""


def messages(expect: Any) -> list[str]:
    return [it.message for it in specc.check({**BASE, "expect": expect})]


@pytest.mark.parametrize("expect", [
    {"params": 1044}, {"params": "1044"}, {"params": "= 1044"[2:]}, {"params": "< 1045"}, {"params": "<= 1044"}, {"params": "> 1.04K"},
    {"params": ">= 1044"}, {"params": "<1.1K"}, {"params": "< 5M"}, {"params": "< 1G"}, {"params": "<1T"}, {"params": "1.044K"},
    {"trainable_params": 44}, {"memory": 4176}, {"memory": "< 5K"}, {"layers": 2}, {"form": "sequential"},
    {"outputs": {"y": [None, 4]}}, {"params": 1044, "form": "sequential", "layers": "<= 2"}, {},
])  # fmt: skip
def test_what_holds(expect: dict[str, Any]) -> None:
    assert messages(expect) == []


@pytest.mark.parametrize(("expect", "message"), [
    ({"params": 1043}, "the model has 1,044 parameters, where 1043 is expected"),
    ({"params": "< 1K"}, "the model has 1,044 parameters, where < 1K is expected"),
    ({"params": "> 1044"}, "the model has 1,044 parameters, where > 1044 is expected"),
    ({"trainable_params": "> 44"}, "the model has 44 trainable parameters, where > 44 is expected"),
    ({"memory": 1}, "the model has 4,176 bytes of weights, where 1 is expected"),
    ({"layers": 3}, "the model has 2 layers, where 3 is expected"),
    ({"form": "functional"}, "the model is sequential, where functional is expected"),
    ({"outputs": {"y": [None, 5]}}, "the output 'y' is (None, 4), where (None, 5) is expected"),
    ({"outputs": {"y": [4]}}, "the output 'y' is (None, 4), where (4,) is expected"),
    ({"outputs": {}}, "the model has an output 'y' that is not expected"),
    ({"outputs": {"z": [None, 4]}}, 'the model has no output "z"'),
    ({"outputs": {"y": "4"}}, 'a shape is a list of integers and nulls, not "4"'),
    ({"outputs": {"y": [None, True]}}, "a shape is a list of integers and nulls, not [null, true]"),
    ({"outputs": ["y"]}, 'outputs must be a map of output names to shapes, not ["y"]'),
    ({"form": "chain"}, 'form must be sequential or functional, not "chain"'),
    ({"form": 3}, "form must be sequential or functional, not 3"),
    ({"params": "few"}, 'params must be a number, or a bound such as "< 5M", not "few"'),
    ({"params": -3}, 'params must be a number, or a bound such as "< 5M", not -3'),
    ({"params": True}, 'params must be a number, or a bound such as "< 5M", not true'),
    ({"params": 1.5}, 'params must be a number, or a bound such as "< 5M", not 1.5'),
    ({"params": None}, 'params must be a number, or a bound such as "< 5M", not null'),
    ({"params": "< 5m"}, 'params must be a number, or a bound such as "< 5M", not "< 5m"'),
    ({"params": "! 5"}, 'params must be a number, or a bound such as "< 5M", not "! 5"'),
    ({"parameters": 1}, 'expect has no key "parameters"'),
])  # fmt: skip
def test_what_does_not(expect: dict[str, Any], message: str) -> None:
    assert messages(expect) == [message]


def test_all_that_do_not_hold_are_reported_at_their_places() -> None:
    found = specc.check(
        spec("""
        layers: [{type: Input, name: x, shape: [3]}, {type: Dense, name: y, units: 1}]
        expect:
          params: 5
          outputs: {y: [null, 2]}
    """)
    )
    assert [(it.code, it.place.span[:2]) for it in found] == [("expectation", (3, 11)), ("expectation", (4, 16))]


def test_expectations_may_be_computed() -> None:
    text = """
        vars: {width: 3}
        layers: [{type: Input, name: x, shape: [1]}, {type: Dense, name: y, units: $width}]
        expect: {params: $(width * 2), outputs: {y: [null, $width]}}
    """
    assert specc.check(spec(text)) == []
    assert specc.check(spec(text), set={"width": 5}) == []


def test_memory_counts_each_weight_once_by_its_dtype() -> None:
    graph = specc.compile(
        spec("""
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: Dense, name: a, units: 3, use_bias: false, dtype: float64}
          - {share: a, name: b}
          - {type: Dense, name: c, units: 3, use_bias: false, dtype: bfloat16}
    """)
    )
    assert graph.memory == 9 * 8 + 9 * 2


def test_a_shared_layer_counts_once() -> None:
    text = """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: a, units: 4}
          - {share: a, name: b}
          - {share: a, name: c}
        expect: {layers: 1, params: 20}
    """
    assert said(text) == []


@pytest.mark.parametrize(("shape", "layers", "help"), [
    ("[8, 8, 1]", "{type: Conv2D, filters: 4, kernel_size: 3}", "put Flatten or GlobalAveragePooling2D before 'y'"),
    ("[28, 28]", "{type: Dropout, rate: 0.5}", "put Flatten or GlobalAveragePooling1D before 'y'"),
    ("[28, 28]", "{type: LSTM, units: 4, return_sequences: true}", "change the model, or what is expected of it"),
])  # fmt: skip
def test_a_forgotten_flatten(shape: str, layers: str, help: str) -> None:
    text = f"layers: [{{type: Input, name: x, shape: {shape}}}, {layers}, {{type: Dense, name: y, units: 5}}]\nexpect: {{outputs: {{y: [null, 5]}}}}\n"
    assert [found.help for found in specc.check(spec(text))] == [help]


@pytest.mark.parametrize("number", ["²", "٣", "1" * 5000, "< 1" + "0" * 5000, "1." + "1" * 5000, " " * 100_000])
def test_expected_numbers_that_are_none(number: str) -> None:
    assert codes(f"layers: [{{type: Input, name: x, shape: [4]}}, ReLU]\nexpect: {{params: '{number}'}}\n") == [
        "invalid-value"
    ]


@pytest.mark.parametrize(("expect", "help"), [
    ("{parameters: 72}", "write params"),
    ("{params: less than 5 million}", 'write "< 5M"'),
    ("{outputs: [null, 4]}", "write outputs: {y: [null, 4]}"),
])  # fmt: skip
def test_expectations_in_another_form(expect: str, help: str) -> None:
    text = "layers:\n  - {type: Input, name: x, shape: [8]}\n  - {type: Dense, name: y, units: 4}\n"
    assert helps(f"{text}expect: {expect}\n") == [help]
