"""The line about each argument: every one has it, and every line is about one."""

from __future__ import annotations

from typing import ClassVar

import pytest

from specc import layers, objects
from specc.arguments import Arguments
from specc.language import argument_texts, type_pages
from specc.language.argument_texts import argument_text
from specc.layers.base import Layer


def test_every_argument_has_a_line() -> None:
    for entry in type_pages.entries():
        for name in entry.cls.argument_fields():
            text = argument_text(entry.cls, name)
            assert text, (entry.kind, entry.name, name)
            assert text[0].isupper() or text.startswith(("valid", "beta")), text
            assert not text.endswith("."), text


def test_every_line_is_about_an_argument() -> None:
    lines = {(name, text) for name, rows in argument_texts._table().items() for text, _ in rows}
    said = {(name, argument_text(it.cls, name)) for it in type_pages.entries() for name in it.cls.argument_fields()}
    assert lines - said == set()


@pytest.mark.parametrize(("cls", "name", "text"), [
    (layers.find("Dense"), "units", "The size of the output's last axis"), (layers.find("LSTM"), "units", "The number of values in the output of each step: the size of the state"),
    (layers.find("Concatenate"), "axis", "The axis along which the tensors are joined"), (layers.find("ops.sum"), "axis", "The axis or axes that the operation works along"),
    (objects.find("loss", "Huber"), "name", "The name shown in training"), (layers.find("Dense"), "name", "The name of the layer or operation"),
])  # fmt: skip
def test_a_line_is_of_some_types_or_of_all(cls: type[Arguments] | None, name: str, text: str) -> None:
    assert cls is not None
    assert argument_text(cls, name) == text


def test_a_plugin_s_own_arguments_are_not_taken_for_keras_s() -> None:
    """The table has a line for `offset`, of Rescaling; what a plugin's says, only its author knows."""

    class Double(Layer):
        """Twice its input."""

        imported_from: ClassVar[str] = "doubling_keras"
        offset: float = 0.0

    assert argument_text(Double, "offset") is None
    assert argument_text(Double, "trainable") == argument_text(Layer, "trainable")
