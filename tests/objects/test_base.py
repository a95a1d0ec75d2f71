"""What every Keras object is: its names, its default name, and how a module lists its classes."""

from __future__ import annotations

import pytest

from specc.objects.base import KerasObject, Named, classes_in


class Measure(Named):
    """A base."""

    name: str | None = None


class Mean(Measure, names="mean average"):
    """A class that another is made from."""


class SlowMean(Mean, names="slow_mean"):
    """A class made from it."""


class Renamed(Measure, names="renamed", name="other"):
    """Its name is another."""


class Unnamed(Measure):
    """No spelling but its class's name."""


def test_names_are_spellings_and_the_first_is_the_default_name() -> None:
    assert (Mean.spellings, Mean().name) == (("mean", "average"), "mean")
    assert (SlowMean().name, Renamed().name, Unnamed().name) == ("slow_mean", "other", None)


def test_a_class_of_keras_is_listed_though_others_are_made_from_it() -> None:
    assert classes_in(globals()) == (Mean, SlowMean, Renamed, Unnamed)


def test_the_default_of_an_argument_that_is_not_there() -> None:
    with pytest.raises(TypeError, match="Typo inherits no argument 'nmae'"):
        type("Typo", (KerasObject,), {}, nmae="x")
