"""What only a later version of Keras has is refused, and admitted once specs are checked for that version."""

from __future__ import annotations

from typing import Annotated, Any

import pytest

from specc import keras_version
from specc.keras_version import Since
from specc.layers.base import Layer


class Ranking(Layer):
    k: int
    is_stable: Annotated[bool, Since("3.16")] = False


class Ternary(Layer):
    since = "3.16"


def test_what_came_later_is_refused_until_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def messages(cls: type[Layer], **given: Any) -> list[tuple[str, str, str]]:
        return [(problem.code, problem.part, problem.message) for problem in cls.parse(given)[1]]

    assert messages(Ranking, k=1) == []
    assert messages(Ranking, k=1, is_stable=True) == [
        ("unknown-argument", "key", "is_stable came with Keras 3.16; specs are checked for Keras 3.15")
    ]
    assert messages(Ternary) == [("unknown-layer", "value", "came with Keras 3.16; specs are checked for Keras 3.15")]
    monkeypatch.setattr(keras_version, "VERSION", "3.16")
    assert messages(Ranking, k=1, is_stable=True) == messages(Ternary) == []
    assert keras_version.changed(1e-3, "3.16", 1e-5) == 1e-5
