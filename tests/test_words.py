"""Articles and numbers as messages have them."""

from __future__ import annotations

import pytest

from specc.words import count_of, plural, with_article


@pytest.mark.parametrize(
    "said",
    [
        "an Add", "a Dense", "an LSTM", "a GRU", "an RNN", "an ELU", "an STFTSpectrogram", "a UnitNormalization",
        "an UpSampling2D", "an Input", "a Flatten", "a MaxPooling2D", "an ops.abs", "an SGD", "an F1Score", "a unit", "a user",
    ],
)  # fmt: skip
def test_articles(said: str) -> None:
    assert with_article(said.split()[1]) == said


def test_numbers() -> None:
    assert [plural(noun) for noun in ("layer", "loss", "more copy")] == ["layers", "losses", "more copies"]
    assert [count_of(number, "copy") for number in (0, 1, 2, 1200)] == [
        "0 copies",
        "1 copy",
        "2 copies",
        "1,200 copies",
    ]
