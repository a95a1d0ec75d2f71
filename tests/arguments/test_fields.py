"""What a class of arguments says of itself."""

from __future__ import annotations

from typing import ClassVar

import pytest
from pydantic import Field

from specc import layers
from specc.arguments import Arguments, PositiveInt
from specc.arguments.fields import in_order


class Window(Arguments):
    size: PositiveInt = 1
    else_: str | None = Field(None, alias="else")


class WideWindow(Window, size=5):
    """A window with another default."""

    kind: ClassVar[str] = "layer"
    scale: float = 1.0


def test_a_subclass_may_have_other_defaults() -> None:
    made, _ = WideWindow.parse({})
    assert made is not None
    assert (made.size, Window.model_fields["size"].default) == (5, 1)
    _, (problem,) = WideWindow.parse({"size": 0})
    assert problem.message == "size must be a positive integer, not 0"


def test_arguments_go_by_the_names_of_a_spec() -> None:
    assert list(Window.argument_fields()) == ["size", "else"]
    assert in_order(Window) == (("size", "size"), ("else", "else_"))
    made, _ = Window.parse({"else": "x", "size": 2})
    assert made is not None
    assert list(made.given().items()) == [("size", 2), ("else", "x")]


@pytest.mark.parametrize(("name", "signature", "first"), [
    ("Dense", "layers.Dense", ["units", "activation", "use_bias"]),
    ("Conv2D", "layers.Conv2D", ["filters", "kernel_size", "strides"]),
    ("ops.mean", "ops.mean", ["axis", "keepdims"]),
])  # fmt: skip
def test_the_order_is_that_of_the_signature(name: str, signature: str, first: list[str]) -> None:
    cls = layers.find(name)
    assert cls is not None
    assert cls.signature_name() == signature
    order = [one for one in cls.argument_order() if one not in ("name", "trainable", "dtype", "activity_regularizer")]
    assert order[: len(first)] == first
    assert set(cls.argument_order()) == set(cls.argument_fields())


def test_the_rest_of_a_tuple_is_no_argument() -> None:
    """YAML takes ``shape: (4, 3)`` in braces apart at its comma."""
    assert Window.hint_for_unknown("3)") == "YAML and JSON have no tuples: write a list, as in [4, -1]"
    assert Window.hint_for_unknown("size(3)") is None
