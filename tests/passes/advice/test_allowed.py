"""What silences a warning, what makes it count, and what a folder stands for."""

from __future__ import annotations

from pathlib import Path

import pytest

import specc as api
from tests.support.checking import codes, said
from tests.support.command import specc
from tests.support.warned import BLOCKS, SPEC, WARNED

PLACES = {
    "at the item": SPEC % (WARNED % ", allow: [name-for-tensorflow]"),
    "at the top": "allow: [name-for-tensorflow]\n" + SPEC % (WARNED % ""),
    "at a shared call's first": SPEC % (WARNED % ", allow: [name-for-tensorflow]") + "  - {share: größe, name: y, from: x}\n",
    "at an item of a block": BLOCKS % ("", WARNED % ", allow: [name-for-tensorflow]") + SPEC % "{type: head, name: y}",
    "at a block": BLOCKS % ("\n    allow: [name-for-tensorflow]", WARNED % "") + SPEC % "{type: head, name: y}",
    "at an instance": BLOCKS % ("", WARNED % "") + SPEC % "{type: head, name: y, allow: [name-for-tensorflow]}",
    "at a nested instance": BLOCKS % ("", WARNED % "") + SPEC % "{type: head, name: y, nested: true, allow: [name-for-tensorflow]}",
    "at copies": SPEC % "{type: Dense, name: größe, units: 4, repeat: 2, allow: [name-for-tensorflow]}",
}  # fmt: skip


@pytest.mark.parametrize("text", PLACES.values(), ids=PLACES)
def test_allow_silences(text: str) -> None:
    assert codes(text) == []
    assert codes(text.replace("allow: [name-for-tensorflow]", "allow: []")) == ["name-for-tensorflow"]


def test_allow_elsewhere_silences_nothing() -> None:
    text = SPEC % (WARNED % "") + "  - {type: Dense, name: y, units: 1, allow: [name-for-tensorflow]}\n"
    assert codes(text) == ["name-for-tensorflow"]
    assert codes("vars: {allow: [name-for-tensorflow]}\nexpect: {params: $(len(allow) + 4)}\n" + SPEC % (WARNED % "")) == ["name-for-tensorflow"]  # fmt: skip


def test_an_included_file_allows_for_itself_and_the_spec_for_all(tmp_path: Path) -> None:
    spec, blocks = tmp_path / "spec.yaml", tmp_path / "blocks.yaml"
    spec.write_text("include: [blocks.yaml]\n" + SPEC % "{type: head, name: y}")
    blocks.write_text(BLOCKS % ("", WARNED % ""))
    assert [it.code for it in api.check(spec)] == ["name-for-tensorflow"]
    blocks.write_text("allow: [name-for-tensorflow]\n" + BLOCKS % ("", WARNED % ""))
    assert api.check(spec) == []
    blocks.write_text(BLOCKS % ("", WARNED % ""))
    spec.write_text("allow: [name-for-tensorflow]\ninclude: [blocks.yaml]\n" + SPEC % "{type: head, name: y}")
    assert api.check(spec) == []


def test_only_codes_of_warnings_can_be_allowed() -> None:
    text = "allow: [name-for-tensorfow, shape-mismatch]\n" + SPEC % (WARNED % ", allow: deep-model")
    assert said(text) == [
        '1:9 unknown-warning: there is no warning "name-for-tensorfow" to allow',
        '1:29 unknown-warning: "shape-mismatch" is an error; only warnings can be allowed',
        "4:49 invalid-value: 'größe' (Dense): allow must be a list of warnings, as in [unused-var], not \"deep-model\"",
    ]
    assert codes("blocks: {b: {args: {allow: 1}, inputs: [i], layers: [{type: ReLU, name: o}], outputs: [o]}}\n" + SPEC % "{type: b, name: y}") == ["block-argument"]  # fmt: skip


def test_no_example_gives_a_warning() -> None:
    assert specc("check", "--strict", "--quiet", "specs", folder=Path(__file__).parents[3]) == (0, "", "")
