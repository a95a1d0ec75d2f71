"""How emitted Python is written: literals that read back, names that Python takes, lines as ``ruff format`` lays them out."""

from __future__ import annotations

import math
from typing import Any

import pytest

from specc.backends.python.writing.text import Choice, Comprehension, Group, Names, flat, lay_out, literal

# -- Literals --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("value", "written"), [
    (None, "None"), (True, "True"), (-3, "-3"), (0.5, "0.5"), (1e22, "1e22"), (-math.inf, 'float("-inf")'), (..., "..."),
    ("relu", '"relu"'), ("it's", '"it\'s"'), ('say "hi"', "'say \"hi\"'"), ("a\\\n\r\x1b\u202e\ud800", '"a\\\\\\n\\r\\x1b\\u202e\\ud800"'), ("größe 画像", '"größe 画像"'),
    ((), "()"), ((1,), "(1,)"), ([1, (2, 3)], "[1, (2, 3)]"), ({"a": [None], 3: "b"}, '{"a": [None], 3: "b"}'),
    (slice(1, None), "slice(1, None)"), (slice(None, None, 2), "slice(None, None, 2)"),
])  # fmt: skip
def test_literals_read_back(value: Any, written: str) -> None:
    assert flat(literal(value)) == written
    assert eval(written) == value


def test_what_has_no_literal() -> None:
    with pytest.raises(TypeError, match="no Python literal for set"):
        literal([{1}])


# -- Names -----------------------------------------------------------------------------------------


NAMES = [
    ("a.b", "a_b"), ("a-b", "a_b_2"), ("a_b", "a_b_3"), ("class", "class_"), ("print", "print_"), ("keras", "keras_"), ("l", "l_"), ("1x1", "_1x1"),
    ("ﬁne", "fine"), ("fine", "fine_2"), ("", "tensor"), ("_", "tensor_2"), ("אבג", "tensor_3"), ("模型" * 30, "模型" * 10),
    ("residual", "residual_out"), ("residual", "residual_out_2"),
]  # fmt: skip


def test_names_are_identifiers_and_none_is_another() -> None:
    names = Names({"residual"})
    made = [(wanted, names.new(wanted)) for wanted, _ in NAMES]
    assert made == NAMES
    assert all(name.isidentifier() for _, name in made)


# -- Layout ----------------------------------------------------------------------------------------

CONV = Group.call(
    "layers.Conv2D",
    (),
    [("filters", "8"), ("kernel_size", "(3, 3)"), ("padding", '"same"'), ("name", '"a_name_of_some_length"')],
)
LAYOUTS = {
    "what fits stays on a line": (Group.call(Group.call("Dense", (), [("units", "3")]), ["x"]), "    y = Dense(units=3)(x)"),
    "what is inside, on a line": (CONV, """
    y = layers.Conv2D(
        filters=8, kernel_size=(3, 3), padding="same", name="a_name_of_some_length"
    )"""),
    "the arguments of a call of a call stay together": (Group(CONV, "()", (("", "x"),)), """
    y = layers.Conv2D(
        filters=8, kernel_size=(3, 3), padding="same", name="a_name_of_some_length"
    )(x)"""),
    "both are opened": (Group(CONV, "()", tuple(("", "x" * 30) for _ in range(3))), """
    y = layers.Conv2D(
        filters=8, kernel_size=(3, 3), padding="same", name="a_name_of_some_length"
    )(
        xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx,
        xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx,
        xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx,
    )"""),
    "brackets in brackets": (Group.display("[]", [Group.display("()", ['"' + "a" * 30 + '"'] * 3), "None"]), """
    y = [
        (
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ),
        None,
    ]"""),
    "an item a line": (Group.call("f", ["x" * 30] * 3), f"""
    y = f(
        {'x' * 30},
        {'x' * 30},
        {'x' * 30},
    )"""),
    "a comprehension": (Comprehension(Group.call("f", ["x" * 40, "index"]), (("index", "range(depth)"), ("each", "g(index)"))), f"""
    y = [
        f({'x' * 40}, index)
        for index in range(depth)
        for each in g(index)
    ]"""),
    "a choice": (Choice(Group.display("[]", ["x" * 50]), "deep and " + "y" * 20, "[]"), f"""
    y = (
        [{'x' * 50}]
        if deep and {'y' * 20}
        else []
    )"""),
    "nothing to open": (Group.call("f" * 90), f"    y = {'f' * 90}()"),
}  # fmt: skip


@pytest.mark.parametrize(("expression", "expected"), LAYOUTS.values(), ids=LAYOUTS)
def test_lay_out(expression: Group, expected: str) -> None:
    lines = list(lay_out(expression, 4, "y = "))
    assert lines == expected.strip("\n").split("\n")
