"""The pages of all that a spec can name: every type and object is listed, described and found by each of its names."""

from __future__ import annotations

import json
from operator import attrgetter

import pytest

from specc import layers, objects
from specc.language import type_pages

# -- Every name ------------------------------------------------------------------------------------


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
        assert len(said) == len(objects.main_names(kind)), "each says something else"


def test_every_layer_is_listed_and_described_as_data() -> None:
    overview = type_pages.overview()
    for name in layers.names():
        (entry,) = [entry for entry in type_pages.find(name) if entry.kind in ("layer", "operation")]
        assert name in overview
        found = json.loads(json.dumps(type_pages.as_dict(entry)))
        assert (found["name"], found["example"]) == (name, entry.cls.example)  # type: ignore[attr-defined]
        assert found["description"]
        assert [it["name"] for it in found["arguments"]] == [row.name for row in type_pages.arguments(entry.cls)]
        assert found["outputs"]


def test_links_name_public_objects() -> None:
    import keras

    links = [type_pages.as_dict(entry)["url"] for entry in type_pages.entries() if entry.kind in objects.MODULES]
    for link in filter(None, links):
        assert attrgetter(link.partition("/keras/")[2].replace("/", "."))(keras) is not None


# -- A page ----------------------------------------------------------------------------------------

COSINE = """
CosineDecayRestarts: a learning rate schedule
Cosine decay that restarts, each time `t_mul` times as long and from `m_mul` times as high.

arguments
  initial_learning_rate  (required) a number. The learning rate of the first step
  first_decay_steps      (required) a number above 0. The number of steps in the first period
  t_mul                  2.0: a number. The factor by which each period is longer than the previous one
  m_mul                  1.0: a number. The factor of each period's initial learning rate to the previous one's
  alpha                  0.0: a number. The last learning rate, as a share of the first
  name                   "SGDRDecay": a name of ASCII letters, digits, '_', '.', '-' and '>'. The name shown in training
see  https://www.tensorflow.org/versions/r2.21/api_docs/python/tf/keras/optimizers/schedules/CosineDecayRestarts
"""


def test_a_page_in_the_terminal() -> None:
    (entry,) = type_pages.find("CosineDecayRestarts")
    assert type_pages.describe(entry, "CosineDecayRestarts") == COSINE.strip()


def test_a_page_as_data() -> None:
    (entry,) = type_pages.find("l1")
    assert type_pages.as_dict(entry) == {
        "name": "L1",
        "kind": "regularizer",
        "family": "regularizers",
        "description": "The sum of the absolute values, times `l1`.",
        "aliases": ["l1"],
        "arguments": [
            {
                "name": "l1",
                "description": "The factor of the sum of absolute values",
                "value": "a number of 0 or more or null",
                "required": False,
                "default": 0.01,
            }
        ],
        "url": "https://www.tensorflow.org/versions/r2.21/api_docs/python/tf/keras/regularizers/L1",
    }


# -- Names -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "found"), [
    ("softmax", ["activation softmax", "layer Softmax"]), ("Softmax", ["layer Softmax", "activation softmax"]), ("Identity", ["layer Identity", "initializer Identity"]),
    ("mse", ["loss MeanSquaredError", "metric MeanSquaredError"]), ("MaxPool2D", ["layer MaxPooling2D"]), ("dense", ["layer Dense"]), ("ADAM", ["optimizer Adam"]), ("Dens", []),
])  # fmt: skip
def test_a_name_is_found_in_all_that_have_it(name: str, found: list[str]) -> None:
    assert [f"{entry.kind} {entry.name}" for entry in type_pages.find(name)] == found


@pytest.mark.parametrize(("name", "says"), [
    ("adma", "there is no layer type 'adma'; did you mean 'Adam'?"), ("CosineDecai", "there is no layer type 'CosineDecai'; did you mean 'CosineDecay'?"),
    ("Dens", "there is no layer type 'Dens'; did you mean 'Dense'?; names with it: Dense, EinsumDense"), ("xyzzy", "there is no layer type 'xyzzy'; 'specc layers' lists them"),
    ("batchnorm", "there is no layer type 'batchnorm'; write BatchNormalization, which PyTorch calls batchnorm; its momentum is 1 minus PyTorch's; names with it: BatchNormalization"),
    ("Transformer", "there is no layer type 'Transformer'; did you mean 'transformer_encoder'?; names with it: std/transformer, transformer_encoder, transformer_encoder_pre_norm, transformer_decoder, transformer_decoder_pre_norm"),
    ("Lambda", "Lambda cannot be used in a spec: it runs code, which a spec cannot contain; use an operation (type: ops.NAME), or a layer class in a plugin"),
])  # fmt: skip
def test_a_name_that_nothing_has(name: str, says: str) -> None:
    assert type_pages.unknown(name) == says


@pytest.mark.parametrize(("name", "layer"), [("Linear", "Dense"), ("batchnorm", "BatchNormalization"), ("lstm", None), ("Convolution2D", None), ("Adam", None)])  # fmt: skip
def test_what_others_call_a_layer(name: str, layer: str | None) -> None:
    assert type_pages.today(name) == layer
