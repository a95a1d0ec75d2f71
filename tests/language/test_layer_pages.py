"""The pages of the layers: complete, in Keras's order, with examples that compile."""

from __future__ import annotations

import inspect
import json
from operator import attrgetter

import keras
import pytest

import specc
from specc import layers, objects
from specc.language import layer_pages, type_pages
from specc.language.argument_texts import argument_text
from specc.layers.base import Layer

NAMES = [name for family in layers.FAMILIES.values() for name in family]


def find(name: str) -> type[Layer]:
    cls = layers.find(name)
    assert cls is not None
    return cls  # type: ignore[return-value]  # what the pages show, they have alike


def test_every_type_has_a_page() -> None:
    markdown = layer_pages.markdown()
    overview = type_pages.overview()
    for name in layers.names():
        assert f"\n### {name}\n" in markdown
        text = layer_pages.describe(name)
        assert text is not None
        assert text.startswith(name)
        assert "\nshape\n" in text
        assert "\nexample\n" in text
        assert name in overview
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


def test_a_page_in_the_terminal() -> None:
    assert layer_pages.describe("SpatialDropout1D") == DROPOUT.strip()


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


# -- Objects ---------------------------------------------------------------------------------------


def test_every_object_is_listed_and_described() -> None:
    overview = type_pages.overview()
    for kind in objects.MODULES:
        said = set()
        for name in objects.spellings(kind):
            found_by_name = type_pages.find(name)
            (entry,) = [it for it in found_by_name if (it.kind, it.cls) == (kind, objects.find(kind, name))]
            assert entry.name in overview
            text = type_pages.describe(entry, name)
            assert text.startswith(f"{entry.name}: {objects.article(kind)}\n")
            assert all(f"  {argument} " in text for argument in entry.cls.argument_fields())
            found = json.loads(json.dumps(type_pages.as_dict(entry)))
            assert [it["name"] for it in found["arguments"]] == entry.cls.argument_order()
            assert found["description"]
            said.add(found["description"])
            if getattr(entry.cls, "has_class", True):
                assert attrgetter(found["url"].split("/keras/")[1].replace("/", "."))(keras)
        assert len(said) == len(objects.main_names(kind)), "each says something else"


def test_every_argument_has_a_line() -> None:
    for entry in type_pages.entries():
        for name in entry.cls.argument_fields():
            text = argument_text(entry.cls, name)
            assert text, (entry.kind, entry.name, name)
            assert text[0].isupper() or text.startswith(("valid", "beta")), text
            assert not text.endswith("."), text


def test_every_layer_is_described_as_data() -> None:
    for name in layers.names():
        (entry,) = [entry for entry in type_pages.find(name) if entry.kind in ("layer", "operation")]
        found = json.loads(json.dumps(type_pages.as_dict(entry)))
        assert (found["name"], found["example"]) == (name, find(name).example)
        assert found["description"]
        assert [it["name"] for it in found["arguments"]] == [row[0] for row in layer_pages.arguments(find(name))]
        assert found["outputs"]


def test_a_name_is_found_in_all_that_have_it() -> None:
    def kinds(name: str) -> list[tuple[str, str]]:
        return [(entry.kind, entry.name) for entry in type_pages.find(name)]

    assert kinds("softmax") == [("activation", "softmax"), ("layer", "Softmax")]
    assert kinds("Softmax") == [("layer", "Softmax"), ("activation", "softmax")]
    assert kinds("Identity") == [("layer", "Identity"), ("initializer", "Identity")]
    assert kinds("mse") == [("loss", "MeanSquaredError"), ("metric", "MeanSquaredError")]
    assert kinds("MaxPool2D") == [("layer", "MaxPooling2D")]
    assert kinds("dense") == [("layer", "Dense")]
    assert kinds("ADAM") == [("optimizer", "Adam")]
    assert kinds("Dens") == []


def test_a_name_that_nothing_has() -> None:
    assert type_pages.unknown("adma") == "there is no layer type 'adma'; did you mean 'Adam'?"
    assert type_pages.unknown("CosineDecai") == "there is no layer type 'CosineDecai'; did you mean 'CosineDecay'?"
    assert "did you mean 'Dense'?" in type_pages.unknown("Dens")
    assert type_pages.unknown("Lambda").startswith("Lambda cannot be used in a spec: it runs code")
