"""Keras's initializers."""

from __future__ import annotations

from typing import ClassVar

from specc.objects.base import KerasObject


class Initializer(KerasObject):
    """Fills a new weight."""

    kind: ClassVar[str] = "initializer"
    keras_module: ClassVar[str] = "initializers"

    def problem(self, shape: tuple[int, ...]) -> str | None:
        """Why it cannot fill a weight of that shape, as a predicate, or None."""
        return None


class GlorotUniform(Initializer):
    spellings: ClassVar[tuple[str, ...]] = ("glorot_uniform",)
    seed: int | None = None


class Zeros(Initializer):
    spellings: ClassVar[tuple[str, ...]] = ("zeros", "zero")


CLASSES: tuple[type[Initializer], ...] = (GlorotUniform, Zeros)
