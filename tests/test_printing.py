"""Specs as text: what a person reads, which is the same spec again for specc, PyYAML and json."""

from __future__ import annotations

import json
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from specc.diagnostics.notation import as_json, flow
from specc.frontend.read import read_text
from specc.printing import PRINTERS, WIDTH

WIDE = [f"class_{number}" for number in range(12)]
SPEC: dict[str, Any] = {
    "name": "of: all #1",
    "vars": {"blocks": [3, 4, 6, 3], "none": None, "empty": {}},
    "blocks": {
        "unit": {
            "inputs": ["x"],
            "layers": [{"type": "Dense", "units": "$(2 * width)"}, "ReLU", {"type": "Add", "from": ["x", "dense"]}],
            "outputs": ["add"],
        }
    },
    "layers": [
        {"type": "Input", "name": "no", "shape": [8]},
        {"type": "Normalization", "mean": [0.5] * 20, "variance": [[1.0, 2.0]], "description": "a\n'b'"},
        {"type": "StringLookup", "vocabulary": WIDE, "call": {"training": False}},
        {"type": "Pipeline", "layers": ["RandomFlip", {"type": "Rescaling", "scale": 2}]},
        {"type": "unit", "from": {"x": "a.1"}},
    ],
    "outputs": {"*": "unit", "1": "unit"},
}
YAML = """\
name: "of: all #1"
vars: {blocks: [3, 4, 6, 3], none: null, empty: {}}
blocks:
  unit:
    inputs: [x]
    layers:
      - {type: Dense, units: $(2 * width)}
      - ReLU
      - {type: Add, from: [x, dense]}
    outputs: [add]
layers:
  - {type: Input, name: "no", shape: [8]}
  - type: Normalization
    mean: [
      0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5,
      0.5]
    variance: [[1.0, 2.0]]
    description: "a\\n'b'"
  - type: StringLookup
    vocabulary: [
      class_0, class_1, class_2, class_3, class_4, class_5, class_6, class_7, class_8, class_9,
      class_10, class_11]
    call: {training: false}
  - {type: Pipeline, layers: [RandomFlip, {type: Rescaling, scale: 2}]}
  - {type: unit, from: {x: a.1}}
outputs: {"*": unit, "1": unit}
"""
JSON = """\
{
  "name": "of: all #1",
  "vars": {"blocks": [3, 4, 6, 3], "none": null, "empty": {}},
  "blocks": {
    "unit": {
      "inputs": ["x"],
      "layers": [
        {"type": "Dense", "units": "$(2 * width)"},
        "ReLU",
        {"type": "Add", "from": ["x", "dense"]}
      ],
      "outputs": ["add"]
    }
  },
  "layers": [
    {"type": "Input", "name": "no", "shape": [8]},
    {
      "type": "Normalization",
      "mean": [
        0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5,
        0.5, 0.5],
      "variance": [[1.0, 2.0]],
      "description": "a\\n'b'"
    },
    {
      "type": "StringLookup",
      "vocabulary": [
        "class_0", "class_1", "class_2", "class_3", "class_4", "class_5", "class_6", "class_7",
        "class_8", "class_9", "class_10", "class_11"],
      "call": {"training": false}
    },
    {"type": "Pipeline", "layers": ["RandomFlip", {"type": "Rescaling", "scale": 2}]},
    {"type": "unit", "from": {"x": "a.1"}}
  ],
  "outputs": {"*": "unit", "1": "unit"}
}
"""

TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=6) | st.sampled_from(
    ["yes", "No", "ON", "null", "~", "", "1", "1.5", ".5", "-.inf", "0x1F", "1e5", "1_0", "12:30", "2001-01-01", "- a", "a: b", "a:", "a #b", "#a",
     "*a", "&a", "!a", "%a", "@a", "`a", "|", ">", "? a", "=", "<<", "...", "---", "$x", "$(a + [b])", "a\n b\n", "\t", "\u2028", "\x85", "\x7f",
     "\ufeff", "é", "日本", "😀", "'a", '"', "\\", " a", "a ", "a, b", "[a", "}", "x" * 2 * WIDTH]
)  # fmt: skip
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS | st.sampled_from(["layers", "blocks"]), inner),
    max_leaves=12,
)


def test_a_spec_as_yaml() -> None:
    assert PRINTERS["yaml"](SPEC) == YAML


def test_a_spec_as_json() -> None:
    assert PRINTERS["json"](SPEC) == JSON


@given(st.dictionaries(TEXTS, VALUES, min_size=1))
@settings(max_examples=80, derandomize=True, deadline=None)
def test_what_is_printed_is_read_as_the_same(spec: dict[str, Any]) -> None:
    in_yaml, in_json = PRINTERS["yaml"](spec), PRINTERS["json"](spec)
    assert json.loads(in_json) == spec
    assert read_text(in_yaml, "spec.yaml").data == read_text(in_json, "spec.json").data == spec


@given(st.lists(TEXTS | NUMBERS, min_size=1))
@settings(max_examples=50, derandomize=True, deadline=None)
def test_a_list_is_as_wide_as_fits(values: list[Any]) -> None:
    for printer, write in ((PRINTERS["yaml"], flow), (PRINTERS["json"], as_json)):
        text = printer({"it": {"values": values, "others": [values, values]}})
        written = set(map(write, values))
        for line in text.splitlines():
            part = line.strip().rstrip(",]}")
            assert len(line) <= WIDTH or part in written or part.removeprefix("- ") in written, text


def test_other_readers_of_yaml_see_the_same() -> None:
    """They know YAML 1.1, in which "no" is false; only numbers such as 1e-05 are strings there."""
    assert yaml.safe_load(PRINTERS["yaml"](SPEC)) == SPEC
