"""What a spec says in words never becomes code, nor a comment that a tool obeys."""

from __future__ import annotations

import ast
import tokenize
from io import BytesIO

import pytest

import specc
from specc.backends.python.program import as_program
from specc.backends.python.writing.words import comment, docstring

HOSTILE = [
    'x"""\nimport os\n"""', "a\rimport os", "a\x0cimport os", "a\u2028import os", "\u202eso", "end\\", '"', "# fmt: off", "noqa", "type: ignore",
    "-*- coding: latin-1 -*-", "{name}", "\ud800", "%s", "\\N{DASH} \\x41",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts(text: str) -> None:
    """As the description of everything that has one."""
    safe = text if text.isprintable() or "\ud800" not in text else "surrogate"
    data = {
        "description": safe,
        "vars": {"width": {"default": 3, "description": safe}},
        "blocks": {
            "b": {
                "description": safe,
                "args": {"n": {"default": 1, "description": safe}},
                "inputs": ["x"],
                "layers": [{"type": "Dense", "name": "d", "units": "$(n * width)", "description": safe}],
                "outputs": ["d"],
            }
        },
        "layers": [
            {"type": "Input", "name": "x", "shape": [4], "description": safe},
            {"type": "b", "name": "one", "description": safe},
            {"type": "Add", "name": "y", "from": ["x", "one"], "when": False},
        ],
        "outputs": {"y": "one"},
    }
    source = as_program.source(specc.compile(data))
    tree = ast.parse(source)
    assert [type(it).__name__ for it in tree.body] == [
        "Expr",
        "Import",
        "ImportFrom",
        "FunctionDef",
        "FunctionDef",
        "If",
    ]
    assert [len(it.body) for it in tree.body if isinstance(it, ast.FunctionDef)] == [2, 4]
    comments = [it.string for it in tokenize.tokenize(BytesIO(source.encode()).readline) if it.type == tokenize.COMMENT]
    assert not any(it.startswith(("# fmt:", "# noqa", "# type:", "# -*-")) for it in comments[1:])
    assert source.split("\n")[1] == '"""A Keras model, written by specc from a graph spec."""'


def test_words() -> None:
    assert comment("the stem") == "the stem"
    assert list(docstring("Apply it", {"n": "the number", "m": ""})) == [
        '    """Apply it.', "", "    Args:", "        n: The number.", '    """',
    ]  # fmt: skip


def test_comments_of_yaml_come_along() -> None:
    text = """\
# A small net.
vars:
  width: 3   # of all layers
  wide: $(width * 2)   # twice that
blocks:
  # A layer,
  b:   # in a block.
    inputs: [x]
    layers: [{type: Dense, name: d, units: $wide}]
    outputs: [d]
layers:
  - {type: Input, name: x, shape: [4]}
  # First the block.
  - {type: b, name: one}   # fmt: off
  - {type: Add, name: y, from: [x, one], when: false}
outputs: {y: one}
"""
    source = as_program.source(specc.compile(specc.Spec.from_text(text)))
    assert (
        source[source.index("def b") : source.index("\n\n\nif")]
        == '''\
def b(x, *, wide, name):
    """A layer, in a block."""
    return layers.Dense(wide, name=f"{name}.d")(x)


def build_model(width=3) -> keras.Model:
    """A small net.

    Args:
        width: Of all layers.
    """
    # twice that
    wide = width * 2
    x = keras.Input(shape=(4,), name="x")
    # First the block.
    # "fmt: off"
    one = b(x, wide=wide, name="one")
    return keras.Model(inputs=x, outputs={"y": one}, name="model")'''
    )
