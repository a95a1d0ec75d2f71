"""The dashes of a YAML list: the help is the text to write instead; where the fix is certain, the spec is right with it."""

from __future__ import annotations

import pytest

from tests.support.helps import all_helps, assert_certain

CERTAIN: dict[str, tuple[str, list[str]]] = {
    "a dash without a space": (
        "layers:\n  - {type: Input, name: x, shape: [8]}\n  -{type: Dense, name: y, units: 1}\n",
        ["a dash and one space: - {type: Dense, name: y, units: 1}"],
    ),
    "a dash without a space before a name": (
        "layers:\n  - {type: Input, name: x, shape: [8]}\n  -Flatten\n",
        ["a dash and one space: - Flatten"],
    ),
    "two dashes": (
        "layers:\n  - {type: Input, name: x, shape: [8]}\n  -- Flatten\n",
        ["a dash and one space: - Flatten"],
    ),
    "a list in a list": (
        "layers:\n  - {type: Input, name: x, shape: [8]}\n  - - Flatten\n",
        ["write Flatten; layers is one list, with one '-' for each"],
    ),
    "a map in braces without a dash": (
        "layers:\n  - {type: Input, name: x, shape: [8]}\n    {type: Dense, name: y, units: 1}\n",
        ["begin it with '- ': - {type: Dense, name: y, units: 1}"],
    ),
}
UNCERTAIN: dict[str, tuple[str, list[str]]] = {
    "a dash without a space, and keys below it": (
        "layers:\n  -type: Input\n   name: x\n   shape: [8]\n  - Flatten\n",
        ["a dash and one space: - type: Input"],
    ),
    "keys of an item without a dash": (
        "layers:\n  - {type: Input, name: x, shape: [8]}\n  type: Flatten\n",
        ["begin it with '- ': - type: Flatten"],
    ),
    "a first entry without a dash": (
        "layers:\n    type: Input\n    shape: [8]\n  - type: Flatten\n",
        ["begin each entry with '- ': - type: Input"],
    ),
    "a missing dash": (
        "layers:\n  - type: Input\n    name: x\n    shape: [8]\n    type: Dense\n    units: 3\n",
        ["begin each layer with '- '"],
    ),
}


@pytest.mark.parametrize(("text", "expected"), CERTAIN.values(), ids=CERTAIN)
def test_certain(text: str, expected: list[str]) -> None:
    assert_certain(text, expected)


@pytest.mark.parametrize(("text", "expected"), UNCERTAIN.values(), ids=UNCERTAIN)
def test_what_a_person_must_decide(text: str, expected: list[str]) -> None:
    assert all_helps(text) == expected


def test_types_whose_dashes_do_not_line_up() -> None:
    text = "layers:\n  - {type: Input, name: x, shape: [8]}\n  - ReLU\n   - Flatten\n"
    assert all_helps(text) == ["write an item for each, their dashes in one column: - ReLU, - Flatten"]
