"""What stands above a picture."""

from __future__ import annotations

from typing import Any

from tests.support.engine import js

CAPTION = "functional · 176 layers · 25,636,712 parameters · 53,120 frozen"


def head(title: str, across: float, *said: str) -> dict[str, Any]:
    scene = {"title": title, "caption": CAPTION}
    found: dict[str, Any] = js("measureHead(scene, said, across)", "head", scene=scene, said=said, across=across)
    return found


def lines(found: dict[str, Any]) -> list[str]:
    return [line["runs"][0]["text"] for line in found["lines"]]


def test_facts_are_wrapped_between_phrases() -> None:
    found = head("resnet50", 250)
    assert lines(found) == ["resnet50", "functional · 176 layers · 25,636,712 parameters", "53,120 frozen"]
    assert found["height"] == 40
    assert found["width"] <= 250


def test_options_are_for_the_command_line_alone() -> None:
    found = head("resnet50", 190, "folded: bottleneck × 3, stage (--expand bottleneck, --depth 2)")  # noqa: RUF001
    assert lines(found)[-1] == "folded: bottleneck × 3, stage"  # noqa: RUF001


def test_a_long_title_is_smaller_and_then_cut() -> None:
    small, cut = head("a" * 30, 200), head("a" * 48, 200)
    assert 8.5 <= small["lines"][0]["runs"][0]["size"] < 11
    assert lines(small)[0] == "a" * 30
    assert lines(cut)[0].endswith("a…")
    assert max(small["width"], cut["width"]) <= 200


def test_a_narrow_picture_has_a_head_of_a_few_words_a_line() -> None:
    assert 100 < head("mlp", 40)["width"] <= 190
