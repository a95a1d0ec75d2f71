"""Fixes as edits: what stands at a place, replaced in the notation of the file, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from specc.diagnostics import CompileError, Diagnostic
from specc.diagnostics.fixes import Edit, apply, edit
from specc.diagnostics.problem import Fix
from specc.frontend.read import read_text
from specc.passes.vars import Settings
from specc.pipeline import compile_document
from specc.source import Place, Source, Span
from tests.support.helps import fixed
from tests.support.invalid import FILES, FOLDER

# -- An edit ---------------------------------------------------------------------------------------

DENSE = {"type": "Dense", "units": 4}


def place(text: str, **of: Any) -> Place:
    """What stands at the key ``a`` of a text."""
    return Place(read_text(text, "spec", "json" if text.startswith('{"') else "yaml"), ("a",), **of)


@pytest.mark.parametrize(("text", "value", "expected"), [
    ("a: {b: 1}   # c\n", DENSE, "a: {type: Dense, units: 4}   # c\n"), ("a:\n  b: 1\n  c: 2\nd: 3\n", DENSE, "a:\n  {type: Dense, units: 4}\nd: 3\n"),
    ('{"a": {"b": 1}}', DENSE, '{"a": {"type": "Dense", "units": 4}}'), ("a: 'b'\n", "relu", "a: relu\n"), ("a: b\n", "8", 'a: "8"\n'),
    ('{"a": 1}', "größe", '{"a": "größe"}'), ("a: none\n", None, "a: null\n"),
])  # fmt: skip
def test_a_value_is_written_as_its_file_writes_values(text: str, value: Any, expected: str) -> None:
    where = place(text)
    made = edit(Fix(value), where)
    assert made is not None
    assert apply(where.document.source, [made]) == expected


def test_a_key_and_a_term_of_an_expression() -> None:
    for text, of, expected in (
        ("{a: b}", {"part": "key"}, "{new: b}"),
        ('{"a": "b"}', {"part": "key"}, '{"new": "b"}'),
        ("a: $(w + 1)\n", {"within": (2, 3)}, "a: $(new + 1)\n"),
        ("a: '$(w + 1)'\n", {"within": (2, 3)}, "a: '$(new + 1)'\n"),
        ('{"a": "$(w + 1)"}', {"within": (2, 3)}, '{"a": "$(new + 1)"}'),
    ):
        where = place(text, **of)
        made = edit(Fix("new"), where)
        assert made is not None
        assert apply(where.document.source, [made]) == expected


def test_the_very_text() -> None:
    where = place("a: b\n")
    made = edit(Fix("[b] # as a list", is_text=True), where)
    assert made == Edit(Span(1, 4, 1, 5), "[b] # as a list")
    assert made.as_dict() == {
        "start": {"line": 1, "column": 4},
        "end": {"line": 1, "column": 5},
        "text": "[b] # as a list",
    }


@pytest.mark.parametrize("text", [
    "a:\n  b: 1  # why\n  c: 2\n", "a: &x {b: 1}\nc: *x\n", "x: &x {b: 1}\na: *x\n", "a: |\n  b\n",
])  # fmt: skip
def test_no_comment_and_no_anchor_is_lost(text: str) -> None:
    assert edit(Fix(DENSE), place(text)) is None


def test_a_number_is_no_part_of_a_quoted_string() -> None:
    assert edit(Fix(3), place("a: 'x.b'\n", within=(2, 3))) is None


# -- Several edits ---------------------------------------------------------------------------------


def test_of_edits_that_overlap_the_first_is_made() -> None:
    source = Source("spec.yaml", "one: 1\ntwo: 2\nthree: 3\n")
    edits = [
        Edit(Span(3, 8, 3, 9), "third"),
        Edit(Span(1, 6, 2, 7), "first\ntwo: second"),
        Edit(Span(2, 6, 2, 7), "lost"),
        Edit(Span(3, 8, 3, 9), "third"),
    ]
    assert apply(source, edits) == "one: first\ntwo: second\nthree: third\n"


# -- The examples of errors ---------------------------------------------------------------------------


def found(text: str, name: str) -> list[Diagnostic]:
    try:
        document = read_text(text, name, "json" if name.endswith(".json") else "yaml", str(FOLDER / name))
        return compile_document(document, Settings()).warnings
    except CompileError as error:
        return error.diagnostics


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_fixed_error_is_gone_and_no_other_of_its_stage_is_new(path: Path) -> None:
    """Each fix alone, of every example of an error."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return
    before = found(text, path.name)
    for diagnostic in before:
        made = diagnostic.edit
        if made is None or diagnostic.place.document.source.name != path.name:
            continue
        after = found(apply(diagnostic.place.document.source, [made]), path.name)
        before_and_after = [
            [(it.code, it.message) for it in each].count((diagnostic.code, diagnostic.message))
            for each in (before, after)
        ]
        assert before_and_after[1] < before_and_after[0]
        unreadable = {"syntax", "invalid-key", "encoding"}
        lost = {it.code for it in after if it.fix is None} & unreadable
        assert lost <= {it.code for it in before}


def test_a_part_of_a_string_without_quotes() -> None:
    text = "layers:\n  - {type: Input, name: x, shape: [4]}\n  - {formula: FORMULA, name: y}\n"
    for written, right in {
        "2 * (x if x > 0 else -x)": '"2 * (where(x > 0, x, -x))"',
        "x + tf.exp(x)": "x + exp(x)",
        "'x && x'": "'x & x'",
    }.items():
        assert fixed(text.replace("FORMULA", written)) == text.replace("FORMULA", right)
