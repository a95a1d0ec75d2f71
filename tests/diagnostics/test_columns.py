"""Text in a terminal: broken between words, never wider than it, wide characters counted as two."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import specc
from specc.backends import summary
from specc.diagnostics.columns import clip, fit, width, wrap
from specc.diagnostics.text import render

WORDS = st.lists(st.text(st.sampled_from("ab画é-"), min_size=1, max_size=8), min_size=1, max_size=30)
SPEC = """
layers:
  - {type: Input, name: 画像入力, shape: [28, 28, 1]}
  - {type: Conv2D, name: 畳み込み層, filters: 8, kernel_size: 3}
  - {type: Dense, name: 出力, units: 10, kernel_initializer: "全角", some_very_long_argument_name: [1, 2, 3, 4, 5, 6]}
  - {type: Concatenate, name: 結合, from: [畳み込み層, 画像入力]}
"""


@settings(derandomize=True)
@given(WORDS, st.integers(24, 80), st.integers(0, 8))
def test_no_word_is_lost_or_broken_and_no_line_too_wide(words: list[str], columns: int, indent: int) -> None:
    lines = (" " * indent + wrap(" ".join(words), columns, indent, indent)).split("\n")
    assert " ".join(lines).split() == words
    assert all(width(line) <= columns for line in lines)
    assert all(line.startswith(" " * indent) for line in lines)


def test_tables_go_on_under_their_last_column() -> None:
    assert (
        fit("  strides  [1, 1]: a positive integer", 24)
        == "  strides  [1, 1]: a\n           positive\n           integer"
    )
    assert fit("    a, b, c, d", 10) == "    a, b,\n    c, d"
    assert fit("short", 10) == "short"
    assert fit("not a terminal " * 20, None) == "not a terminal " * 20


def test_clip_counts_columns() -> None:
    assert [clip("画像画像", columns) for columns in (8, 7, 6, 5)] == ["画像画像", "画像...", "画...", "画..."]


@pytest.mark.parametrize("columns", [50, 60, 100, 160])
def test_diagnostics_fit(columns: int) -> None:
    for text in (SPEC, SPEC.replace(", some_very_long_argument_name: [1, 2, 3, 4, 5, 6]", "").replace("全角", "zeros")):
        found = specc.check(specc.Spec.from_text(text, "spec.yaml"))
        assert found
        shown = render(found, columns=columns)
        assert [line for line in shown.split("\n") if width(line) > columns] == []
        assert render(found).split() != []
        for line, marks in zip(shown.split("\n"), shown.split("\n")[1:], strict=False):
            if "^" in marks:
                end = width(marks.rstrip())
                assert width(line) >= end, "the marks stand below the line"


@pytest.mark.parametrize("columns", [30, 45, 60, 100, None])
def test_a_summary_keeps_all_columns(columns: int | None) -> None:
    spec = """
    layers:
      - {type: Input, name: 画像入力, shape: [28, 28, 1]}
      - {type: Conv2D, name: a_rather_long_name_of_a_layer_indeed, filters: 8, kernel_size: 3}
      - {type: Flatten, name: flat}
      - {type: Dense, name: y, units: 2, from: flat}
      - {type: Concatenate, name: 結合, from: [flat, y]}
    """
    graph = specc.compile(specc.Spec.from_text(spec))
    text = summary.as_text(graph, columns=columns)
    for word in (
        "画像入力",
        "Input",
        "(None, 26, 26, 8)",
        "a_rather_long_name_of_a_layer_indeed",
        "Concatenate",
        "10,818",
        "parameters",
    ):
        assert word in text
    if columns is not None and columns >= 60:
        assert [line for line in text.split("\n") if width(line) > columns] == []
    ends = {width(line) for line in text.split("\n") if line.endswith(("parameters", "─", " 80", "10,818"))}
    assert len(ends) == 1 or columns is None or columns >= 100
