"""Lines that YAML refuses: one error at its place, and the line to write instead; where the fix is certain, the spec is sound with it."""

from __future__ import annotations

import pytest

from tests.support.helps import diagnostics, fixed

X = "layers:\n  - {type: Input, name: x, shape: [8]}\n"
CERTAIN: dict[str, tuple[str, list[str]]] = {
    "commas after items": (
        "layers:\n  - {type: Input, name: x, shape: [8]},\n  - {type: Dense, units: 4},\n",
        ["2:39 remove the comma", "3:28 remove the comma"],
    ),
    "a comment of JavaScript": (
        f"{X}  - {{type: Dense, units: 4}} // the output\n",
        ["3:29 a comment begins with #: - {type: Dense, units: 4} # the output"],
    ),
    "bullets": (
        "layers:\n  * {type: Input, name: x, shape: [8]}\n  * {type: Dense, units: 4}\n",
        [
            "2:3 begin each entry with '- ': - {type: Input, name: x, shape: [8]}",
            "3:3 begin each entry with '- ': - {type: Dense, units: 4}",
        ],
    ),
    "dashes of a word processor": (
        f"{X}  – {{type: Dense, units: 4}}\n",  # noqa: RUF001 - the dash itself
        ["3:3 begin each entry with '- ': - {type: Dense, units: 4}"],
    ),
    "numbers": (
        "layers:\n  1. {type: Input, name: x, shape: [8]}\n  2. {type: Dense, units: 4}\n",
        [
            "2:3 begin each entry with '- ': - {type: Input, name: x, shape: [8]}",
            "3:3 begin each entry with '- ': - {type: Dense, units: 4}",
        ],
    ),
    "numbers as keys": (
        "layers:\n  1: {type: Input, name: x, shape: [8]}\n  2: {type: Dense, units: 4}\n",
        [
            "2:3 begin each entry with '- ': - {type: Input, name: x, shape: [8]}",
            "3:3 begin each entry with '- ': - {type: Dense, units: 4}",
        ],
    ),
    "a section without its colon": (
        "layers\n  - {type: Input, name: x, shape: [8]}\n  - {type: Dense, units: 4}\n",
        ["1:1 write layers:"],
    ),
    "an argument without its colon": (
        f"{X}  - type: Dense\n    units 4\n",
        ["4:5 write units: 4"],
    ),
    "a dash too far left": (
        f"{X} - {{type: Dense, units: 4}}\n",
        ['3:2 move it 1 column to the right: write "  - {type: Dense, units: 4}"'],
    ),
    "a dash too far right": (
        f"{X}   - {{type: Dense, units: 4}}\n",
        ['3:3 move it 1 column to the left: write "  - {type: Dense, units: 4}"'],
    ),
    "an equals sign": (f"{X}  - type: Dense\n    units = 4\n", ["4:10 write units: 4"]),
}
UNCERTAIN: dict[str, tuple[str, list[str]]] = {
    "a bracket that is not closed": (
        "layers:\n  - {type: Input, name: x, shape: [8}\n  - {type: Dense, units: 4}\n",
        ["2:37 write - {type: Input, name: x, shape: [8]}"],
    ),
    "a brace that is not closed": (
        "layers:\n  - {type: Input, name: x, shape: [8]\n  - {type: Dense, units: 4}\n",
        ["2:5 write - {type: Input, name: x, shape: [8]}"],
    ),
    "a quote that is not closed": (
        'layers:\n  - {type: Input, name: "x, shape: [8]}\n  - {type: Dense, units: 4}\n',
        ['2:25 write - {type: Input, name: "x", shape: [8]}'],
    ),
    "a comma that is missing": (
        f"{X}  - {{type: Dense, name: y units: 4}}\n",
        ["3:25 write - {type: Dense, name: y, units: 4}"],
    ),
    "a bracket alone": (f"{X}  - ReLU\n]\n", ["4:1 remove it"]),
    "a bracket too many": (
        "layers:\n  - {type: Input, name: x, shape: [8]}}\n  - {type: Dense, units: 4}\n",
        ["2:39 write - {type: Input, name: x, shape: [8]}"],
    ),
    "question marks": (
        "layers:\n  - {type: Input, name: x, shape: [?, ?, 8]}\n  - {type: Dense, units: 4}\n",
        ["2:36 write - {type: Input, name: x, shape: [null, null, 8]}"],
    ),
    "a comma that is missing between lines": (
        "layers: [\n  {type: Input, name: x, shape: [8]}\n  {type: Dense, units: 4}\n]\n",
        ["2:36 write {type: Input, name: x, shape: [8]},"],
    ),
    "an entry of a value": (
        f"{X}  - {{type: Dense, units: $u[0]}}\n",
        ['3:26 write - {type: Dense, units: "$(u[0])"}'],
    ),
    "dots": (f"{X}  ...\n  - {{type: Dense, units: 4}}\n", ["3:3 remove them"]),
    "semicolons": (f"{X}  - {{type: Dense; units: 4}}\n", ["3:17 write - {type: Dense, units: 4}"]),
    "a key that is too far in": (f"{X}  - type: Dense\n      units: 4\n", ["4:7 indent it as the key above it"]),
    "a dash too many": (
        f"{X}  - type: Dense\n    - units: 4\n",
        ["4:5 remove the '- ': it belongs to the item above"],
    ),
    "a template": (
        f"{X}{{% for i in range(3) %}}\n  - {{type: Dense, units: 4}}\n{{% endfor %}}\n",
        [f"{line}:1 remove it; 'repeat' and 'each' make copies of an item, 'when' removes one" for line in (3, 5)],
    ),
    "an item that does not line up": (
        "layers:\n- {type: Input, name: x, shape: [8]}\n - type: Dense\n   units: 4\n",
        ['3:2 move it 1 column to the left, with the lines that belong to it: write "- type: Dense"'],
    ),
    "several that do not line up": (
        "layers:\n    - type: Input\n      name: x\n      shape: [8]\n  - type: Dense\n    units: 4\n  - type: ReLU\n",
        [
            '5:3 move it 2 columns to the right, with the lines that belong to it: write "    - type: Dense"',
            '7:3 move it 2 columns to the right, with the lines that belong to it: write "    - type: ReLU"',
        ],
    ),
    "an item that was read as part of the value above it": (
        f"{X}  - type: Dense\n    units: 4\n     - type: ReLU\n       name: y\n",
        ['5:6 move it 3 columns to the left, with the lines that belong to it: write "  - type: ReLU"'],
    ),
}


def helps(text: str) -> list[str]:
    found = diagnostics(text)
    assert {it.code for it in found} == {"syntax"}
    return [f"{it.place.span.line}:{it.place.span.column} {it.help}" for it in found]


@pytest.mark.parametrize("name", CERTAIN)
def test_certain(name: str) -> None:
    text, wanted = CERTAIN[name]
    assert helps(text) == wanted
    assert diagnostics(fixed(text)) == []


@pytest.mark.parametrize("name", UNCERTAIN)
def test_uncertain(name: str) -> None:
    text, wanted = UNCERTAIN[name]
    assert helps(text) == wanted
    assert fixed(text) == text


def test_a_long_text_is_not_tried() -> None:
    text = f"{X}" + "  - ReLU\n" * 5000 + "  - {type: Dense, units: [4}\n"
    assert helps(text) == [
        "5003:28 put a comma between the entries and a ']' at the end; quote an expression or a formula that has a bracket"
    ]
