"""Every kind that an argument can be is found and checked by the room that has its classes."""

from __future__ import annotations

import pytest

from specc import objects
from specc.arguments import UNKNOWN_CODES, kinds
from specc.diagnostics.problem import ProblemsError
from specc.frontend.items import ITEM_KEYS
from specc.layers.core import Dense
from specc.objects.initializers import HeNormal


def test_objects_and_layers_are_the_kinds() -> None:
    assert list(kinds.KINDS) == [*objects.MODULES, "layer"]
    assert set(UNKNOWN_CODES) == {*kinds.KINDS, "operation"}


def test_classes_are_found_by_kind_and_name() -> None:
    assert kinds.find("initializer", "he_normal") is HeNormal
    assert kinds.find("layer", "Dense") is Dense
    assert kinds.find("layer", "he_normal") is None
    assert kinds.layer_type("Linear") == "Dense"


@pytest.mark.parametrize("kind", [*objects.MODULES, "layer"])
def test_values_are_checked_by_kind(kind: str) -> None:
    with pytest.raises(ProblemsError) as caught:
        kinds.parse(kind, "no such thing")
    assert caught.value.problems[0].code == UNKNOWN_CODES[kind]


def test_the_language_keeps_its_keys() -> None:
    assert kinds.RESERVED["item"] == ITEM_KEYS
    assert "layers" in kinds.RESERVED["spec"]
