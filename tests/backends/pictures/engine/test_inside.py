"""One frame by itself: its border, its title, and where arrows cross it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.engine import js

CODE = """(() => {
  const local = { item: { id: "f", members }, nets, edges, known: new Map() };
  const sizes = new Map(members.map(({ id }) => [id, { flow: 20, cross: 40, pitch: 10, portWidth: () => 0, ...(cards[id] ?? {}) }]));
  const { flow, cross, at, ways, gates } = layOutFrame(local, { flow: 0, cross: 0, ...size }, sizes, bare, { gap: 12 });
  return { flow, cross, at, ways, gates: Object.fromEntries(gates) };
})()"""


def laid_out(letters: str, *arrows: str, bare: bool = False, cards: Any = None, **size: Any) -> Any:
    """A frame of cards named by letters; ``"<a"`` is an arrow into the frame to a card, ``"a>"`` one out of it."""
    nets: dict[str, list[str]] = {"in": [], "out": []}
    edges = []
    for index, (tail, head) in enumerate((arrow[0], arrow[1]) for arrow in arrows):
        ends = [tail, head]
        if tail == "<":
            nets["in"].append(f"net {index}")
            ends[0] = f"in {len(nets['in']) - 1}"
        if head == ">":
            nets["out"].append(f"net {index}")
            ends[1] = f"out {len(nets['out']) - 1}"
        net = f"net {index}" if tail == "<" else tail
        edges.append({"tail": ends[0], "out": "", "head": ends[1], "in": str(index), "net": net, "index": index})
    members = [{"id": letter} for letter in letters]
    return js(CODE, "inside", members=members, nets=nets, edges=edges, size=size, bare=bare, cards=cards or {})


def test_members_keep_clear_of_the_border() -> None:
    found = laid_out("ab", "<a", "ab", "b>")
    assert found["at"] == [[9, 18], [9, 53]]
    assert (found["cross"], found["flow"]) == (58, 82)
    assert found["ways"] == [[[29, 0], [29, 18]], [[29, 38], [29, 53]], [[29, 73], [29, 82]]]
    assert found["gates"] == {"in 0": 29, "out 0": 29}


def test_the_whole_picture_has_no_border() -> None:
    assert laid_out("a", bare=True)["at"] == [[0, 0]]


def test_an_arrow_enters_after_the_title_and_what_it_leads_to_stands_in_the_middle() -> None:
    found = laid_out("a", "<a", clear=50, before=19)
    assert found["gates"]["in 0"] == 50
    assert found["at"][0][1] == 21
    assert found["at"][0][0] + 20 == found["cross"] / 2 == 50


def test_a_title_alone_makes_a_frame_wide() -> None:
    assert laid_out("a", cross=200)["cross"] == 200


def test_a_skip_has_a_lane_inside_the_frame() -> None:
    found = laid_out("abc", "<a", "ab", "bc", "ac", "c>")
    xs = [x for x, _ in found["ways"][3]]
    assert 0 < min(xs) < found["at"][1][0]
    assert max(xs) < found["cross"]


def test_arrows_from_many_share_a_line_to_a_card_without_names() -> None:
    letters = "abcdef"
    found = laid_out(f"{letters}y", *(f"{letter}y" for letter in letters))
    assert len({tuple(way[-1]) for way in found["ways"]}) == 1
    few = laid_out("aby", "ay", "by")
    assert few["ways"][0][-1] != few["ways"][1][-1]


def test_what_stands_out_behind_a_stack_is_not_where_its_arrows_begin() -> None:
    found = laid_out("a", "a>", behind=5)
    plain = laid_out("a", "a>")
    assert found["flow"] == plain["flow"] + 5
    assert found["ways"] == plain["ways"]


def test_points_that_do_not_bend_a_line_go() -> None:
    line = [[0, 0], [0, 5], [0, 5], [0, 9], [4, 9], [7, 9], [7, 12]]
    assert js("simple(line)", "inside", line=line) == [[0, 0], [0, 9], [7, 9], [7, 12]]


@pytest.mark.parametrize("count", [0, 1])
def test_a_frame_of_little_is_laid_out(count: int) -> None:
    assert len(laid_out("a" * count)["at"]) == count
