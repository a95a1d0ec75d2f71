"""The plan that says most among those that fit."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from tests.support.engine import card, frame, js, wires

COLUMN = {"width": 302, "height": 850}
CODE = """(() => {
  const found = plan(scene, options);
  const { layout, said, open, cards } = found;
  const words = [...cards.values()].flatMap(({ lines }) => lines.flatMap(({ runs }) => runs.map(({ text }) => text)));
  return { cross: layout.cross, flow: layout.flow, said, open: [...open], words, columns: found.members.filter(({ card }) => card.form === "column").length };
})()"""


def planned(members: list[dict[str, Any]], arrows: list[dict[str, str]], **options: Any) -> Any:
    scene = {"title": "", "caption": "", "members": members, "wires": arrows}
    chosen: dict[str, Any] = {
        "direction": "down",
        "room": COLUMN,
        "depth": None,
        "expand": [],
        "show": "brief",
        "theme": "light",
    }
    return js(CODE, "picture", scene=scene, options=chosen | options)


def chain(count: int, **fields: Any) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    said = {
        "words": ["64 units", "activation relu", "without bias"],
        "facts": ["16.5k params", "(None, 64)"],
        "name": "hidden",
    }
    members = [card(f"n{n}", "Dense", **(said | fields)) for n in range(count)]
    return members, wires(*(f"n{n} n{n + 1}" for n in range(count - 1)))


def blocks(count: int, size: int, times: int = 1) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    """Blocks after each other, of layers after each other."""
    members, ids = [], []
    for n in range(count):
        inside = [f"n{n}_{k}" for k in range(size)]
        own = card(f"f{n}", "block", form="block", times=times, words=["width 3"], facts=[f"{size} layers"])
        members.append(frame(own, *(card(name, "Dense", words=["64 units"]) for name in inside)))
        ids += inside
    return members, wires(*(f"{tail} {head}" for tail, head in itertools.pairwise(ids)))


def test_what_fits_says_all() -> None:
    found = planned(*chain(5))
    assert {"hidden", "16.5k params · (None, 64)"} <= set(found["words"])
    assert found["said"] == []


def test_a_tall_picture_says_less_before_it_has_columns() -> None:
    found = planned(*chain(19))
    assert found["flow"] <= COLUMN["height"]
    assert found["columns"] == 0
    assert "Dense" in found["words"]
    found = planned(*chain(45))
    assert found["columns"] == 3
    assert max(found["cross"] / COLUMN["width"], found["flow"] / COLUMN["height"]) <= 1


def test_a_wide_picture_says_less_and_stands_in_rows() -> None:
    members = [card("x", "Input", form="input"), *chain(12)[0]]
    found = planned(members, wires(*(f"x n{n}" for n in range(12))))
    assert found["cross"] <= COLUMN["width"]
    assert found["said"] == []


def test_as_much_is_open_as_fits() -> None:
    assert planned(*blocks(2, 4))["open"] == ["f0", "f1"]
    assert planned(*blocks(9, 6))["open"] == ["f0"], "the first shows what is in all of them"
    found = planned(*blocks(20, 30))
    assert found["open"] == []
    assert found["said"] == ["folded: block \N{MULTIPLICATION SIGN} 20 (--expand block, --depth 1)"]


def test_a_stack_is_open_once_inside() -> None:
    found = planned(*blocks(1, 5, times=12))
    assert (found["open"], found["said"]) == (["f0"], [])


@pytest.mark.parametrize(("depth", "open"), [(0, []), (1, ["f0", "f1"])])
def test_a_depth_is_kept_whatever_fits(depth: int, open: list[str]) -> None:
    assert planned(*blocks(2, 60), depth=depth)["open"] == open


def test_what_is_asked_for_is_open() -> None:
    assert planned(*blocks(4, 60), expand=["f2"])["open"] == ["f2"]


def test_what_cannot_be_read_says_so_and_keeps_its_words() -> None:
    found = planned(*chain(400))
    assert found["said"] == ["too large to be read at 80 \N{MULTIPLICATION SIGN} 225 mm (--fit page)"]
    assert any("64 units" in text for text in found["words"])


def test_rows_are_for_what_is_wide() -> None:
    found = planned(*chain(14), direction="right", room={"width": 700, "height": 300})
    assert found["columns"] == 2
    assert found["flow"] <= 700
    assert found["cross"] <= 300


def test_all_arguments_are_shown_on_demand() -> None:
    found = planned(*chain(2, all=["use_bias false", "seed 3"]), show="all")
    assert any("seed 3" in text for text in found["words"])


def test_a_large_flat_graph_is_laid_out_a_few_times_only() -> None:
    members, arrows = chain(600)
    skips = wires(*(f"n{n} n{n + 9}" for n in range(0, 590, 3)))
    assert planned(members, [*arrows, *skips])["said"]


def test_words_are_as_long_as_the_room_allows() -> None:
    said = ["64 units", "activation relu", "without bias", "seed 3", "regularized"]
    short = planned(*chain(16, words=said), room={"width": 210, "height": 850})
    long = planned(*chain(16, words=said))
    assert short["cross"] < long["cross"] <= COLUMN["width"]
    assert max(map(len, short["words"])) < max(map(len, long["words"]))
