"""Places in a document: where they are, what is written there, what they show of themselves."""

from __future__ import annotations

import pytest

from specc.frontend.read import read_text
from specc.source import Document, Origin, Place, Source, Span

TEXT = """\
layers:
  - {type: Dense, units: $(8 // n), name: 'häuser'}
  - type: Add
    from: [a, b]
"""
DOCUMENT = read_text(TEXT, "spec.yaml")
ITEM = Place(DOCUMENT, ("layers", 0))


def shown(place: Place) -> str:
    """The text of a place that is in one line."""
    line, start, end_line, end = place.span
    assert line == end_line
    return DOCUMENT.source.lines[line - 1][start - 1 : end - 1]


def test_values_keys_and_parts_of_strings() -> None:
    assert shown(ITEM.at("units")) == "$(8 // n)"
    assert shown(ITEM.at("units", part="key")) == "units"
    assert shown(ITEM.at("units")._replace(within=(2, 8))) == "8 // n"
    assert shown(ITEM.at("name")._replace(within=(0, 4))) == "häus"
    assert shown(ITEM.at("name")._replace(within=(0, 40))) == "'häuser'"


def test_what_is_written_there() -> None:
    assert ITEM.at("type").written == "Dense"
    assert ITEM.at("nothing").written is ITEM.at("type", 0, "x").written is None
    assert [ITEM.has("type"), ITEM.has("nothing"), ITEM.at("type").has("type")] == [True, False, False]
    assert [ITEM.at("units").is_computed(), ITEM.at("type").is_computed(), ITEM.is_computed()] == [True, False, False]


def test_a_place_shows_its_path_alone() -> None:
    assert repr(ITEM.at("units")) == "Place(path=('layers', 0, 'units'), part='value', within=None)"
    assert ITEM.file == "spec.yaml"


def test_the_first_character_of_a_long_map_is_not_its_end() -> None:
    document = Document(Source("a", "x"), {"a": {}, "b": 1}, lambda path, part: Span(1, 1, 1, 2))
    assert [Place(document, (key,)).has_end for key in "ab"] == [False, True]


@pytest.mark.parametrize("text", ["a\nb\u2028c\x0cd", "a\r\nb\u2028c\x0cd"])
def test_line_feeds_alone_end_lines(text: str) -> None:
    assert Source("a", text).lines == ["a", "b\u2028c\x0cd"]


def test_what_a_program_makes_comes_from_nowhere() -> None:
    place = Origin.nowhere("made.py").at("units")
    assert (place.file, place.span, place.written) == ("made.py", (1, 1, 1, 1), None)
