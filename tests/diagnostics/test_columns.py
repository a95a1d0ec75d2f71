"""Text in a terminal: broken between words, never wider than it, wide characters counted as two."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from specc.diagnostics.columns import clip, fit, width, wrap

WORDS = st.lists(st.text(st.sampled_from("ab画é-"), min_size=1, max_size=8), min_size=1, max_size=30)


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
