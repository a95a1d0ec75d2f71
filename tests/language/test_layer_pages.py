"""The pages of the layers: complete, in Keras's order, with examples that compile."""

from __future__ import annotations

import inspect
from operator import attrgetter

import keras
import pytest

import specc
from specc import layers
from specc.language import layer_pages
from specc.layers.base import Layer


def find(name: str) -> type[Layer]:
    cls = layers.find(name)
    assert cls is not None
    return cls  # type: ignore[return-value]  # what the pages show, they have alike


def test_every_type_has_a_page() -> None:
    markdown = layer_pages.markdown()
    for name in layers.names():
        assert f"\n### {name}\n" in markdown
        text = layer_pages.describe(name)
        assert text is not None
        assert text.startswith(name)
        assert "\nshape\n" in text
        assert "\nexample\n" in text
    assert layer_pages.describe("Dens") is None


def test_arguments_have_the_order_of_keras() -> None:
    wrong = {}
    for name in layers.names():
        shown = [row.name for row in layer_pages.arguments(find(name))]
        keras_object = attrgetter(name if name.startswith("ops.") else f"layers.{name}")(keras)
        signature = [argument for argument in inspect.signature(keras_object).parameters if argument in shown]
        if [argument for argument in shown if argument in signature] != signature:
            wrong[name] = (shown, signature)
    assert wrong == {}


def test_examples_compile() -> None:
    wrong = {
        name: found
        for name in layers.names()
        if (found := specc.check(specc.Spec.from_text(find(name).example, "example.yaml")))
    }
    assert wrong == {}


def test_links_name_public_objects() -> None:
    for name in layers.names():
        page = layer_pages.link(find(name))
        assert page is not None
        public = page.partition("/tf/keras/")[2].replace("/", ".")
        assert attrgetter(public)(keras) is not None


def test_an_alias_leads_to_the_main_name() -> None:
    text = layer_pages.describe("Convolution2D")
    assert text is not None
    assert text.startswith("Convolution2D: another name of Conv2D\n")


@pytest.mark.parametrize("name", layers.REFUSED)
def test_a_refused_layer_says_why(name: str) -> None:
    assert layer_pages.describe(name) == f"{name} cannot be used in a spec: {layers.REFUSED[name]}"


DROPOUT = """
SpatialDropout1D
Sets a random fraction of the feature maps of a sequence to zero, in training.

arguments
  rate  (required) a number from 0 to 1. The share of the values that training sets to 0
  seed  null: an integer or null. A number that makes the random draws repeatable
shape
  the input's shape
call
  training: true or false
example
  layers:
    - {type: Input, name: x, shape: [20, 8]}
    - {type: SpatialDropout1D, rate: 0.2}
see  https://www.tensorflow.org/versions/r2.21/api_docs/python/tf/keras/layers/SpatialDropout1D
"""

PRELU = """
PReLU
Multiplies values below zero by a trained slope, one for all places along `shared_axes`.

arguments
  alpha_initializer  "Zeros": an initializer. The first values of the slopes
  alpha_regularizer  null: a regularizer or null. A penalty on the slopes, which training adds to the loss
  alpha_constraint   null: a constraint or null. A constraint on the slopes, applied after each training step
  shared_axes        null: an axis (an integer) or a list of axes or null. The axes along which the slopes are shared
shape
  the input's shape
example
  layers:
    - {type: Input, name: image, shape: [28, 28, 3]}
    - {type: PReLU, shared_axes: [1, 2]}
see  https://www.tensorflow.org/versions/r2.21/api_docs/python/tf/keras/layers/PReLU
"""


@pytest.mark.parametrize("page", [DROPOUT, PRELU], ids=["SpatialDropout1D", "PReLU"])
def test_a_page_in_the_terminal(page: str) -> None:
    assert layer_pages.describe(page.split(maxsplit=1)[0]) == page.strip()
