"""What plugins add: found, checked and suggested as Keras's own; refused where it cannot be."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

import specc
from specc import layers, objects, plugins
from specc.arguments import Arguments, Number, plugged
from specc.language import json_schema, type_pages
from specc.layers.base import Layer
from specc.objects.activations import Activation
from specc.objects.loss import Loss
from specc.objects.losses import Huber
from specc.objects.optimizers import GradientOptimizer
from specc.operations.base import Unary
from tests.support import plugin
from tests.support.plugin import KERAS


def test_a_class_of_every_kind_is_known_as_keras_own_are() -> None:
    assert {cls.kind for cls in plugin.GOOD} == set(plugged.CLASSES)
    assert specc.check(specc.Spec.from_text(plugin.SPEC)) != []
    with plugin.added(*plugin.GOOD):
        assert specc.check(specc.Spec.from_text(plugin.SPEC)) == []
        assert [entry.cls for entry in type_pages.find("PINBALL")] == [plugin.Pinball]
        schema = json_schema.text()
        for name in ("Scale", "Pinball", "pinball", "ops.squash", "bent", "Signs"):
            assert f'"{name}"' in schema
            assert name in type_pages.names()
            assert all(type_pages.as_dict(entry)["url"] is None for entry in type_pages.find(name))
    assert type_pages.find("Pinball") == []
    assert layers.find("ops.squash") is None
    assert objects.find("optimizer", "signs") is None


@pytest.mark.parametrize(("item", "said"), [
    ("{type: Dense, units: 1, activation: bend}", "did you mean 'bent'?"),
    ("{type: Dense, units: 1, kernel_initializer: FLAT}", "did you mean 'Flat'?"),
    ("{type: Dense, units: 1, kernel_initializer: {type: flat, levels: 1}}", "did you mean 'level'?"),
    ("{type: Dense, units: 1, bias_constraint: Cap}", "needs a matrix"),
    ("{type: ops.sqash}", "did you mean 'ops.squash'?"),
    ("{type: ops.squash, limit: wide}", "limit must be a number"),
    ("{formula: sqash(x) + 1, name: y}", "did you mean 'squash'?"),
    ("scale", "did you mean 'Scale'?"),
])  # fmt: skip
def test_its_misuse_is_told_as_that_of_keras_own(item: str, said: str) -> None:
    text = f"layers:\n  - {{type: Input, name: x, shape: [4]}}\n  - {item}\n"
    with plugin.added(*plugin.GOOD):
        (found,) = specc.check(specc.Spec.from_text(text))
    assert said in f"{found.message} {found.help}"


def _class(base: type[Arguments], name: str, **attributes: Any) -> type[Arguments]:
    module = {"__module__": __name__, "imported_from": KERAS, "__annotations__": {"imported_from": ClassVar[str]}}
    metaclass: Any = type(base)
    made: type[Arguments] = metaclass(name, (base,), module | attributes)
    return made


class Sine(Unary, op="sin"):
    """A name of Keras's."""

    imported_from: ClassVar[str] = KERAS


class Foreign(Loss, names="mse"):
    """A spelling of Keras's."""

    imported_from: ClassVar[str] = KERAS


class Odd(Layer):
    """An argument of no type that can be checked."""

    imported_from: ClassVar[str] = KERAS
    odd: object() = 3  # type: ignore[valid-type]


class wavy(Activation):
    """An activation with an argument, which nobody would hand to its function."""

    imported_from: ClassVar[str] = KERAS
    alpha: Number = 1.0


class Named(Layer):
    """The inputs of its call as names alone."""

    imported_from: ClassVar[str] = KERAS
    tensors: ClassVar[Any] = ("mean", "log_var")


@pytest.mark.parametrize(("cls", "said"), [
    (wavy, "wavy cannot have alpha: Keras calls an activation with the tensor alone"),
    (Named, "Named.tensors has names; write specc.layers.base.Argument"),
    (_class(Layer, "Dense"), "Dense is a layer of Keras; give the plugin's class another name"),
    (_class(Layer, "Lambda"), "Lambda is a layer of Keras"),
    (_class(Layer, "Conv2DTranspose"), "Conv2DTranspose is a layer of Keras"),
    (_class(Loss, "huber"), "huber is a loss of Keras"),
    (_class(GradientOptimizer, "ADAM"), "ADAM is an optimizer of Keras"),
    (Foreign, "mse is a loss of Keras"),
    (Sine, "ops.sin is an operation of Keras"),
    (_class(Layer, "Scale"), "Scale is a layer of tests.support.plugin; give one of the two another name"),
    (_class(Layer, "Nowhere", imported_from=""), "Nowhere must say in imported_from which module has Nowhere for Keras"),
    (Odd, "Odd has an argument whose type cannot be checked: "),
    (3, "3 is no subclass of Layer, Operation, Loss or another class that a plugin can add"),
    (Arguments, "is no subclass of Layer"),
])  # fmt: skip
def test_what_no_plugin_can_add(cls: Any, said: str) -> None:
    with plugin.added(plugin.Scale), pytest.raises((TypeError, ValueError), match=said.replace("(", r"\(")) as error:
        plugins.add(cls)
    assert "\n" not in str(error.value)


def test_a_class_may_be_added_again_and_have_a_base_of_specc() -> None:
    """A module is loaded again in a notebook; a class derived from Keras's does not take its names."""
    mine = _class(Huber, "MyHuber")
    with plugin.added(plugin.Scale, plugin.Scale, mine):
        assert objects.find("loss", "huber") is Huber
        assert objects.find("loss", "MyHuber") is mine
