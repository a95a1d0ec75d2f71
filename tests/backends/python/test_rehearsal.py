"""Two sources are compared by what they make, without Keras."""

from __future__ import annotations

import pytest

import specc
from specc.backends.python.rehearsal import makes_the_same
from specc.backends.python.source import source
from specc.expressions.operations import FUNCTIONS
from tests.support.checking import spec

SPEC = """
    layers: [{type: Input, name: x, shape: [4, 2]}, {type: LSTM, name: l, units: 3, return_state: true}, {type: Add, name: y, from: [l, l.state_h]}]
"""
TEXT = """
import keras
from keras import layers

def build_model():
    x = keras.Input(shape=(4, 2), name="x")
    a, b, _ = layers.LSTM(units=3, return_state=True, name="l")(x)
    y = layers.Add(name="y")([a, b])
    return keras.Model(inputs=x, outputs=y, name="model")
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a, b, _ = ", "a, b, c = "),
        ("units=3, return_state=True", "return_state=True, units=4 - 1"),
        ('    y = layers.Add(name="y")([a, b])\n', '    for t in [[a, b]]:\n        y = layers.Add(name="y")(t)\n'),
    ],
)
def test_the_same_in_other_words(old: str, new: str) -> None:
    assert old in TEXT
    assert makes_the_same(TEXT.replace(old, new), TEXT, specc.compile(spec(SPEC)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("units=3", "units=4"),
        ("[a, b]", "[b, a]"),
        ('name="y"', 'name="z"'),
        ("layers.Add", "layers.Multiply"),
        ("outputs=y", "outputs=[y]"),
        ("outputs=y", "outputs=a"),
        ("a, b, _ =", "a, b ="),
        ("outputs=y", "outputs=undefined"),
        ("    y =", "    import os\n    os.system('true')\n    y = 1 +"),
        ("    y =", "    y = open('x')\n    y ="),
        ("    y =", "    y = ().__class__.__base__.__subclasses__()\n    y ="),
        ("    y =", "    y = __import__('os')\n    y ="),
    ],
)
def test_another_model(old: str, new: str) -> None:
    assert old in TEXT
    assert not makes_the_same(TEXT.replace(old, new), TEXT, specc.compile(spec(SPEC)))


CALLS = {
    "min": "min(width, 9)", "max": "max([width, 2])", "sum": "sum([width, 1])", "prod": "prod([width, 2])", "abs": "abs(-width)",
    "round": "round(width / 3)", "floor": "floor(width / 3)", "ceil": "ceil(width / 3)", "int": "int(width / 3)",
    "sqrt": "int(sqrt(width))", "exp": "int(exp(width))", "log": "int(log(width * 9))", "log2": "int(log2(width * 9))",
    "len": "len([width])", "range": "range(width)[2]", "str": "len(str(width))",
}  # fmt: skip


def test_every_function_of_expressions_is_rehearsed() -> None:
    assert set(CALLS) == set(FUNCTIONS)
    items = "".join(f"  - {{type: Dense, name: {name}, units: '$({call})'}}\n" for name, call in CALLS.items())
    written = source(
        specc.compile(spec(f"vars: {{width: 8}}\nlayers:\n  - {{type: Input, name: x, shape: [4]}}\n{items}"))
    )
    assert "def build_model(width=8)" in written
