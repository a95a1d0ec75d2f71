"""Where everything in a YAML text is written."""

from __future__ import annotations

from specc.reading.yaml_places import places
from tests.support.reading import written

PLACED = """\
name: größe   # 画像
layers:
  - {type: Input, "name": 'é', shape: [1, 2]}
  - type: Dense
    units: 3

    # a comment
  - Flatten
text: "a\\u00e9b"
folded: >
  one
  two
alias: &x {k: [7]}
again: *x
ende: 😀 x
"""


def test_places_of_values() -> None:
    def value(*path: str | int) -> str:
        return written(PLACED, "yaml", *path)

    assert value("name") == "größe"
    assert value("layers", 0) == """{type: Input, "name": 'é', shape: [1, 2]}"""
    assert value("layers", 0, "name") == "'é'"
    assert value("layers", 0, "shape", 1) == "2"
    assert value("layers", 1) == "type: Dense\n    units: 3"
    assert value("layers", 1, "units") == "3"
    assert value("layers", 2) == "Flatten"
    assert value("text") == '"a\\u00e9b"'
    assert value("alias", "k", 0) == "7"
    assert value("ende") == "😀 x"


def test_places_of_keys() -> None:
    assert written(PLACED, "yaml", "layers", 0, "name", part="key") == '"name"'
    assert written(PLACED, "yaml", "layers", 0, "shape", part="key") == "shape"
    assert written(PLACED, "yaml", "ende", part="key") == "ende"


def test_places_through_aliases() -> None:
    """An alias is the place of its value, and of all that is inside of it."""
    assert written(PLACED, "yaml", "again") == "*x"
    assert written(PLACED, "yaml", "again", "k") == "*x"


def test_places_of_what_is_not_there() -> None:
    """The nearest part that is there."""
    assert written(PLACED, "yaml", "layers", 1, "activation") == "type: Dense\n    units: 3"
    assert written(PLACED, "yaml", "layers", 1, "units", "deeper") == "3"
    assert written(PLACED, "yaml", "layers", 9, "x").startswith("- {type: Input")


def test_a_text_that_breaks_off_has_places_up_to_there() -> None:
    found = places("a: 1\nb: [2, {c: 3}\nd: 4\n")
    assert found.find(("a",), "value") == (1, 4, 1, 5)
    assert found.find(("b", 1, "c"), "value") == (2, 12, 2, 13)
    assert found.find(("b",), "value") == (2, 4, 2, 5)
