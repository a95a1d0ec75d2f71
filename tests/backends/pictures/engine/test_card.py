"""What a card says, and how large it is."""

from __future__ import annotations

import itertools
import math
import re
from typing import Any

import pytest

from tests.support.engine import card, js

DETAIL = {"width": 140, "lines": 2, "names": True, "facts": True, "oneLine": False, "narrow": False, "all": False}
ENDS = {
    "down": True,
    "top": 0,
    "bottom": 0,
    "left": 0,
    "right": 0,
    "width": 0,
    "height": 0,
    "slot": {"in": 0, "out": 0},
}
HIDDEN = card(
    "n", "Dense", "dense", name="hidden", words=["20 units", "relu"], all=["units 20", "activation relu", "use_bias true"],
    facts=["210 params", "(None, 20)"],
)  # fmt: skip


def measured(card: dict[str, Any], ends: dict[str, Any] | None = None, **detail: Any) -> dict[str, Any]:
    found: dict[str, Any] = js(
        "measureCard(card, detail, ends)", "card", card=card, detail=DETAIL | detail, ends=ENDS | (ends or {})
    )
    return found


def said(card: dict[str, Any], **detail: Any) -> list[str]:
    lines = measured(card, **detail)["lines"]
    return ["  ".join(run["text"] for run in line["runs"]) for line in lines]


@pytest.mark.parametrize(
    ("detail", "lines"),
    [
        ({}, ["Dense  hidden", "20 units, relu", "210 params · (None, 20)"]),
        ({"oneLine": True}, ["Dense  hidden  20 units, relu", "210 params · (None, 20)"]),
        ({"names": False, "facts": False}, ["Dense", "20 units, relu"]),
        ({"narrow": True, "width": 84}, ["Dense", "hidden", "20 units, relu", "210 params", "(None, 20)"]),
        (
            {"all": True, "lines": 9},
            ["Dense  hidden", "units 20, activation relu,", "use_bias true", "210 params · (None, 20)"],
        ),
    ],
    ids=["brief", "one line", "least", "narrow", "all"],
)
def test_how_much_a_card_says(detail: dict[str, Any], lines: list[str]) -> None:
    assert said(HIDDEN, **detail) == lines


@pytest.mark.parametrize(
    ("detail", "lines"),
    [
        ({"lines": 3, "width": 170}, ["0.5 * sum(exp(log_var) + mean ** 2 - 1 -", "log_var, axis=-1)"]),
        ({"lines": 2, "width": 84}, ["0.5 *", "sum(exp(log_var) …"]),
        ({"lines": 1}, ["0.5 * sum(exp(log_var) + mean …"]),
    ],
)
def test_a_formula_is_broken_between_its_words(detail: dict[str, Any], lines: list[str]) -> None:
    formula = card(
        "n", "formula", "other", name="kl", words=["0.5 * sum(exp(log_var) + mean ** 2 - 1 - log_var, axis=-1)"]
    )
    assert said(formula, **detail)[1:] == lines


def test_no_shape_is_cut() -> None:
    facts = ["239.6k params", "(None, 104, 104, 128)", "(None, 1)" * 9]
    assert said(HIDDEN | {"facts": facts}, narrow=True, width=84)[-2:] == facts[:2]


@pytest.mark.parametrize("width", [0, 84])
def test_nothing_is_cut_where_everything_is_said(width: int) -> None:
    arguments = ["units 20", "kernel_initializer he_normal(seed 1234)"]
    lines = said(HIDDEN | {"all": arguments}, all=True, lines=99, width=width, narrow=True)
    assert lines[2:-2] == ["units 20,", "kernel_initializer", "he_normal(seed", "1234)"]


def test_a_block_keeps_its_name_where_that_costs_nothing() -> None:
    block = HIDDEN | {"form": "block", "type": "stage", "name": "s1"}
    least = {"names": False, "facts": False}
    assert said(block, **least)[0] == "stage  s1"
    assert said(block | {"name": "the_first_stage_of_all_of_them"}, **least, width=84)[0] == "stage"
    assert said(block, **least, bare=True)[0] == "stage"
    assert said(block, **least, oneLine=True)[0] == "stage  20 units, relu"


def test_a_stack_says_how_many_and_a_frozen_layer_that_it_is() -> None:
    assert said(HIDDEN | {"times": 12, "frozen": True}, facts=False) == [
        "Dense \u00d7 12  hidden",
        "20 units, relu",
        "frozen",
    ]


@pytest.mark.parametrize(
    ("facts", "kept"),
    [
        (["(None,) int32"], ["int32"]),
        (["1k params", "mixed_bfloat16"], ["mixed_bfloat16"]),
        (["(None, 3) uint8"], ["uint8"]),
        (["2 layers", "(None, 3)"], []),
    ],
)
def test_a_dtype_stays_where_shapes_go(facts: list[str], kept: list[str]) -> None:
    assert said(HIDDEN | {"facts": facts, "words": []}, facts=False) == ["Dense  hidden", *kept]


def test_a_dtype_that_is_an_argument_is_said_once() -> None:
    assert said(HIDDEN | {"facts": ["(None,) int32"], "words": ["int32"]}, facts=False) == ["Dense  hidden", "int32"]
    assert said(HIDDEN | {"facts": ["(None,) int32"], "all": ["dtype int32"]}, facts=False, all=True)[1:] == [
        "dtype int32"
    ]


def test_copies_in_parallel_say_so() -> None:
    assert said(HIDDEN | {"times": 8, "parallel": True}, facts=False)[-1] == "in parallel"


def test_inputs_and_outputs_are_called_by_their_names() -> None:
    assert said(card("x", "Input", "input", "input", name="image", facts=["(None, 3)"])) == ["image", "(None, 3)"]


def test_a_long_name_of_an_input_takes_lines() -> None:
    x = card("x", "Input", "input", "input", name="the_picture_on_the_left_of_the_pair", facts=["(None, 3)"])
    assert said(x, width=84) == ["the_picture_on_the_", "left_of_the_pair", "(None, 3)"]


def test_a_long_name_has_a_line_of_its_own() -> None:
    assert said(HIDDEN | {"name": "a_name_that_is_longer_than_a_line_of_words"}, facts=False)[:2] == [
        "Dense", "a_name_that_is_longer_than_a_li…"
    ]  # fmt: skip


def test_lines_stand_below_each_other_in_the_middle() -> None:
    found = measured(HIDDEN)
    assert (found["width"], found["height"], found["plate"]) == (114, 38.5, None)
    assert [(line["x"], line["y"], line["anchor"]) for line in found["lines"]] == [
        (57, 12.5, "middle"), (57, 22.5, "middle"), (57, 32.5, "middle")
    ]  # fmt: skip


def test_names_at_arrows_make_room_above_and_below() -> None:
    found = measured(HIDDEN, {"top": 10, "bottom": 10, "width": 150})
    assert (found["width"], found["height"]) == (166, 58.5)
    assert found["lines"][0]["y"] == 22.5


def test_notes_stand_on_a_plate_below_the_words() -> None:
    found = measured(HIDDEN | {"mark": "changed", "notes": ["units 10 -> 20", "activation tanh -> relu"]})
    assert said(HIDDEN | {"notes": ["units 10 -> 20"]})[-1] == "units 10 -> 20"
    assert found["plate"] == {"x": 4, "y": 36, "width": found["width"] - 8, "height": 23}
    assert found["height"] == found["plate"]["y"] + found["plate"]["height"] + 4
    assert [line["runs"][0]["tone"] for line in found["lines"]] == ["ink", "soft", "soft", "mark", "mark"]


@pytest.mark.parametrize("family", ["merge", "pool", "sequence"])
def test_the_plate_is_inside_the_form(family: str) -> None:
    found = measured(card("n", "Subtract", family, mark="error", notes=["the shapes differ", "and so do the dtypes"]))
    form = js("outline(family, box)", "svg", family=family, box=found["body"])
    corners: list[tuple[float, float]] = []
    for letter, numbers in re.findall(r"([MLHV])([\d. ]+)", form):
        values = [float(number) for number in numbers.split()]
        x, y = corners[-1] if corners else (0.0, 0.0)
        corners.append((values[0], y) if letter == "H" else (x, values[0]) if letter == "V" else (values[0], values[1]))
    left, top = found["plate"]["x"], found["plate"]["y"]
    right, bottom = left + found["plate"]["width"], top + found["plate"]["height"]
    for (x1, y1), (x2, y2) in itertools.pairwise([*corners, corners[0]]):  # clockwise: what is inside is on the right
        for x, y in ((left, top), (right, top), (right, bottom), (left, bottom)):
            assert ((x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)) / math.hypot(x2 - x1, y2 - y1) > 1.5


def test_a_long_error_is_wrapped_and_cut() -> None:
    lines = said(HIDDEN | {"mark": "error", "notes": ["error[shape]: " + "the inputs differ in their shapes " * 9]})[3:]
    assert len(lines) == 5
    assert lines[0] == "error[shape]: the inputs differ in"
    assert lines[-1].endswith("…")


@pytest.mark.parametrize("down", [True, False])
def test_the_words_of_a_circle_stand_where_no_arrow_passes(down: bool) -> None:
    plus = card("n", "Add", "merge", "merge", symbol="+", name="sum", facts=["(None, 4)"])
    found = measured(plus, {"down": down})
    body, (sign, *words) = found["body"], found["lines"]
    assert (body["width"], body["height"]) == (17, 17)
    assert (sign["runs"][0]["text"], sign["x"]) == ("+", body["x"] + 8.5)
    assert [[run["text"] for run in line["runs"]] for line in words] == [["Add", "sum"], ["(None, 4)"]]
    assert [len(line["runs"]) for line in measured(plus | {"facts": []}, {"down": down})["lines"]] == [1, 1, 1]
    if down:
        assert all(line["x"] > body["x"] + 17 and line["anchor"] == "start" for line in words)
    else:
        assert words[0]["y"] > body["y"] + 17
        assert words[1]["y"] - 6 > body["y"] + 17
