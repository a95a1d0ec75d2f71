"""What a user chooses for a picture, and what is refused."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from specc.backends.pictures.options import Chosen, Options, options_of


@pytest.mark.parametrize(("chosen", "room"), [
    ({}, (80, 225)), ({"fit": "column"}, (80, 225)), ({"fit": "page"}, (170, 240)), ({"fit": "slide"}, (300, 150)),
    ({"direction": "right"}, (225, 80)), ({"direction": "right", "fit": "page"}, (170, 240)),
])  # fmt: skip
def test_the_room_of_a_fit(chosen: Chosen, room: tuple[float, float]) -> None:
    """In millimetres on paper, where text of 8 points in the picture is 6 points."""
    points = options_of(chosen).room
    assert [side * 25.4 / 72 * 6 / 8 for side in points] == pytest.approx(room)


def test_a_user_gives_all_options_but_the_one_who_is_told() -> None:
    assert {field.name for field in fields(Options)} - set(Chosen.__annotations__) == {"say", "terminal"}


@pytest.mark.parametrize(("given", "expand"), [("a", ("a",)), (["a", "b"], ("a", "b")), ((), ())])
def test_one_name_or_several(given: Any, expand: tuple[str, ...]) -> None:
    assert options_of({"expand": given}).expand == expand


@pytest.mark.parametrize(("depth", "levels"), [(None, None), (0, 0), (3, 3), ("all", 1000)])
def test_levels(depth: Any, levels: int | None) -> None:
    options = Options(depth=depth)
    assert options.levels == levels
    assert options.for_engine(["f1"], levels) | {"room": None} == {
        "direction": "down", "room": None, "depth": levels, "expand": ["f1"], "show": "brief", "theme": "auto",
    }  # fmt: skip


@pytest.mark.parametrize(("chosen", "error"), [
    ({"theme": "neon"}, "theme is one of auto, light, dark, paper, not 'neon'"),
    ({"theme": None}, "theme is one of auto, light, dark, paper, not None"),
    ({"fit": "a4"}, "fit is one of column, page, slide, not 'a4'"),
    ({"direction": []}, "direction is one of down, right, not []"),
    ({"depth": -1}, "depth is a number of levels, from 0, or 'all', not -1"),
    ({"depth": "1"}, "depth is a number of levels, from 0, or 'all', not '1'"),
    ({"depth": True}, "depth is a number of levels, from 0, or 'all', not True"),
    ({"dpi": 9}, "dpi is a whole number from 10 to 2400, not 9"),
    ({"dpi": 72.5}, "dpi is a whole number from 10 to 2400, not 72.5"),
])  # fmt: skip
def test_a_value_that_is_none(chosen: Any, error: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the whole message is compared
        options_of(chosen)
    assert str(caught.value) == error


def test_an_option_that_is_none() -> None:
    with pytest.raises(TypeError, match=r"^a picture has no option 'color'; options: direction, depth, expand, "):
        options_of({"color": "red"})  # type: ignore[typeddict-unknown-key]
