"""What a person at a terminal sees: whole outputs."""

from __future__ import annotations

from textwrap import dedent

import pytest

import specc
from specc.diagnostics.columns import width
from specc.diagnostics.text import WIDEST_LINE, in_order, render, render_one
from tests.support.diagnostics import diagnostic, document

TEXT = "name: a\nlayers: [b, c]\n\n\n\n\n\n\n\nlast: d\n"
WHERE = document(TEXT, a=(1, 7, 1, 8), layers=(2, 9, 2, 15), last=(10, 7, 10, 8))


def shown(text: str) -> str:
    return dedent(text).strip("\n")


def test_message_place_and_help() -> None:
    assert render_one(diagnostic(WHERE, "layers", help="fix it")) == shown("""
        error[some-code]: it is wrong
         --> spec.yaml:2:9
        2 | layers: [b, c]
          |         ^^^^^^
          = help: fix it
    """)


def test_further_places_and_a_wide_gutter() -> None:
    other = document("x: 1\n", "other.yaml", x=(1, 1, 1, 2))
    related = (("first here", WHERE, "a"), ("in another file", other, "x"))
    assert render_one(diagnostic(WHERE, "last", related=related)) == shown("""
        error[some-code]: it is wrong
          --> spec.yaml:10:7
        10 | last: d
           |       ^
         1 | name: a  first here
         1 | x: 1     in another file (other.yaml:1)
           = help: for details run 'specc explain some-code'
    """)


def test_many_further_places() -> None:
    text = render_one(diagnostic(WHERE, "a", related=(("here", WHERE, "layers"),) * 11))
    assert text.count("here") == 8
    assert "... and 3 more places\n" in text


def test_several_are_counted_in_the_order_of_the_file() -> None:
    text = render(
        [
            diagnostic(WHERE, "last", "third"),
            diagnostic(WHERE, "a", "first", severity="warning"),
            diagnostic(WHERE, "layers", "second"),
        ]
    )
    assert [line for line in text.split("\n") if line.startswith(("error", "warning"))] == [
        "warning[some-code]: first", "error[some-code]: second", "error[some-code]: third",
    ]  # fmt: skip
    assert text.endswith("\n\n2 errors and 1 warning")


def test_files_keep_their_order() -> None:
    other = document(TEXT, "a.yaml", a=(1, 7, 1, 8))
    found = in_order([diagnostic(WHERE, "last", "1"), diagnostic(other, "a", "3"), diagnostic(WHERE, "a", "2")])
    assert [it.message for it in found] == ["2", "1", "3"]


def test_nothing() -> None:
    assert render([]) == ""


def test_colors_change_nothing_else() -> None:
    import re

    given = [diagnostic(WHERE, "layers", help="fix it", related=(("here", WHERE, "a"),))]
    colored = render(given, color=True)
    assert "\x1b[1;31m" in colored
    assert re.sub("\x1b\\[[0-9;]*m", "", colored) == render(given)


@pytest.mark.parametrize("column", [1, 60, 150, 390])
def test_long_lines_are_cut_around_the_place(column: int) -> None:
    line = "".join(chr(97 + index % 26) for index in range(400))
    text = render_one(diagnostic(document(line, a=(1, column, 1, column + 5)), "a"))
    source, marks = text.split("\n")[2:4]
    assert len(source) <= WIDEST_LINE + 12
    assert source[marks.index("^") : marks.rindex("^") + 1] == line[column - 1 : column + 4]


def test_a_place_longer_than_a_line() -> None:
    text = render_one(diagnostic(document("x" * 5000, a=(1, 1, 1, 5001)), "a"))
    assert max(map(len, text.split("\n"))) < 130


def test_wide_characters_and_tabs_keep_the_marks_below() -> None:
    assert render_one(diagnostic(document("画像: x", a=(1, 5, 1, 6)), "a")).split("\n")[2:4] == [
        "1 | 画像: x",
        "  |       ^",
    ]
    assert render_one(diagnostic(document("\tx", a=(1, 2, 1, 3)), "a")).split("\n")[2:4] == ["1 |     x", "  |     ^"]
    assert render_one(diagnostic(document("e\u0301: x", a=(1, 5, 1, 6)), "a")).split("\n")[3] == "  |    ^"
    assert (width("ab"), width("画"), width("e\u0301")) == (2, 2, 1)


def test_a_place_over_several_lines_is_marked_to_the_end_of_its_first() -> None:
    assert render_one(diagnostic(document("a: b\n  c\n", a=(1, 1, 2, 4)), "a")).split("\n")[3] == "  | ^^^^"


def test_a_part_of_a_text() -> None:
    assert " --> spec.yaml:1:6" in render_one(diagnostic(document("a: $(b + c)", a=(1, 4, 1, 12)), "a", within=(2, 3)))
    assert " --> spec.yaml:1:7" in render_one(
        diagnostic(document("a: '$(b + c)'", a=(1, 4, 1, 14)), "a", within=(2, 3))
    )
    assert " --> spec.yaml:1:4" in render_one(diagnostic(document("a: 'x'", a=(1, 4, 1, 7)), "a", within=(2, 90)))


@pytest.mark.parametrize("span", [(1, 1, 1, 1), (2, 1, 2, 1), (9, 9, 9, 9), (1, 99, 1, 99)])
def test_places_at_the_edge(span: tuple[int, int, int, int]) -> None:
    assert render_one(diagnostic(document("", a=span), "a")).startswith(
        "error[some-code]: it is wrong\n --> spec.yaml:"
    )


@pytest.mark.parametrize(
    "strange", ["\x1b[31m", "\x07", "\u202e", "\x9b", "\ud800", "\u2028", "\x7f", "\u200b", "\ufeff"]
)
def test_nothing_from_a_spec_steers_the_terminal(strange: str) -> None:
    where = document(f"a: {strange}b", f"{strange}.yaml", a=(1, 4, 1, 6))
    text = render_one(diagnostic(where, "a", f"{strange} is wrong", help=strange, related=((strange, where, "a"),)))
    assert strange not in text
    assert text.count("\n") == 5


WIDE = """
layers:
  - {type: Input, name: 画像入力, shape: [28, 28, 1]}
  - {type: Conv2D, name: 畳み込み層, filters: 8, kernel_size: 3}
  - {type: Dense, name: 出力, units: 10, kernel_initializer: "全角", some_very_long_argument_name: [1, 2, 3, 4, 5, 6]}
  - {type: Concatenate, name: 結合, from: [畳み込み層, 画像入力]}
"""


@pytest.mark.parametrize("columns", [50, 60, 100, 160])
def test_diagnostics_fit(columns: int) -> None:
    for text in (WIDE, WIDE.replace(", some_very_long_argument_name: [1, 2, 3, 4, 5, 6]", "").replace("全角", "zeros")):
        found = specc.check(specc.Spec.from_text(text, "spec.yaml"))
        assert found
        shown = render(found, columns=columns)
        assert [line for line in shown.split("\n") if width(line) > columns] == []
        assert render(found).split() != []
        for line, marks in zip(shown.split("\n"), shown.split("\n")[1:], strict=False):
            if "^" in marks:
                end = width(marks.rstrip())
                assert width(line) >= end, "the marks stand below the line"
