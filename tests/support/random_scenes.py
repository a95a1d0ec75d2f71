"""Random scenes for the tests of the pictures' layout, and what is wrong with one that is laid out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from random import Random
from typing import Any, NamedTuple

from tests.support.engine import card, frame

SLACK = 0.5
"""In points: what nobody sees."""


class Box(NamedTuple):
    """A rectangle along the cross axis and the flow."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box) -> bool:
        """Whether the two share more than a border."""
        return (
            min(self.right, other.right) - max(self.left, other.left) > SLACK
            and min(self.bottom, other.bottom) - max(self.top, other.top) > SLACK
        )

    def holds(self, x: float, y: float) -> bool:
        """Whether a point is inside or on the border."""
        return self.left - SLACK < x < self.right + SLACK and self.top - SLACK < y < self.bottom + SLACK


def random_scene(seed: int, size: int = 24) -> dict[str, Any]:
    """Layers, merges and inputs in random frames inside frames, with short and long arrows between them."""
    random = Random(seed)
    cards = [_random_card(random, number) for number in range(size)]
    arrows: list[dict[str, str]] = []
    for number in range(1, size):
        if cards[number]["form"] == "input":
            continue
        near = max(0, number - random.choice([1, 1, 1, 3, 8, size]))
        for port in range(random.choice([1, 1, 1, 2, 3])):
            tail, head = cards[random.randrange(near, number)]["id"], cards[number]["id"]
            into = str(port) if port or random.random() < 0.5 else "query"
            cards[number]["ports"]["in"]["query"] = "query"
            arrows.append({"id": str(len(arrows)), "tail": tail, "out": "", "head": head, "in": into, "mark": ""})
    return {"title": f"scene {seed}", "caption": "random", "members": _framed(cards, random, 0), "wires": arrows}


def _random_card(random: Random, number: int) -> dict[str, Any]:
    if number == 0 or random.random() < 0.1:
        return card(f"n{number}", "Input", "input", "input", name=f"input {number}")
    if random.random() < 0.2:
        return card(f"n{number}", "Add", "merge", "merge", symbol="+")
    return card(
        f"n{number}", random.choice(["Dense", "Activation", "GlobalAveragePooling2D"]), "dense", words=["units 3"]
    )


def _framed(members: list[dict[str, Any]], random: Random, depth: int) -> list[dict[str, Any]]:
    """Some runs of the members inside frames."""
    found = []
    while members:
        count = random.randint(1, 6)
        inside, members = members[:count], members[count:]
        if random.random() < 0.5 and depth < 3:
            name = f"f_{inside[0]['id']}_{depth}"
            own = card(name, random.choice(["block", "a block with a long name"]), form="block")
            found.append(frame(own, *_framed(inside, random, depth + 1)))
        else:
            found += inside
    return found


def faults(scene: dict[str, Any], places: dict[str, dict[str, float]], ways: dict[str, list[list[float]]]) -> list[str]:
    """What is wrong with a layout."""
    boxes = {
        id: Box(p["cross"], p["flow"], p["cross"] + p["width"], p["flow"] + p["length"]) for id, p in places.items()
    }
    around = dict(_around(scene["members"], ()))
    return [
        *_overlaps(scene["members"], boxes),
        *(fault for wire in scene["wires"] for fault in _wrong_way(wire, ways[wire["id"]], boxes, around)),
    ]


def _around(members: list[dict[str, Any]], outer: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for member in members:
        yield member["id"], outer
        yield from _around(member.get("members", []), (*outer, member["id"]))


def _overlaps(members: list[dict[str, Any]], boxes: dict[str, Box]) -> Iterator[str]:
    for index, member in enumerate(members):
        for other in members[:index]:
            if boxes[member["id"]].overlaps(boxes[other["id"]]):
                yield f"{member['id']} lies on {other['id']}"
        for inner in member.get("members", []):
            outside, inside = boxes[member["id"]], boxes[inner["id"]]
            if inside.left < outside.left or inside.right > outside.right or inside.bottom > outside.bottom:
                yield f"{inner['id']} is not inside {member['id']}"
        yield from _overlaps(member.get("members", []), boxes)


def _wrong_way(
    wire: dict[str, Any], way: list[list[float]], boxes: dict[str, Box], around: dict[str, tuple[str, ...]]
) -> Iterator[str]:
    name = f"{wire['tail']} to {wire['head']}"
    ends = {wire["tail"], wire["head"]}
    own = ends | {*around[wire["tail"]], *around[wire["head"]]}
    for (x, y), (to_x, to_y) in pairwise(way):
        if to_y < y - SLACK:
            yield f"{name} runs backwards"
        if abs(to_x - x) > SLACK and abs(to_y - y) > SLACK:
            yield f"{name} runs aslant"
        piece = Box(min(x, to_x) - SLACK, y - SLACK, max(x, to_x) + SLACK, to_y + SLACK)
        yield from (f"{name} crosses {id}" for id, box in boxes.items() if id and id not in own and piece.overlaps(box))
    (x, y), (to_x, to_y) = way[0], way[-1]
    tail, head = boxes[wire["tail"]], boxes[wire["head"]]
    if not tail.holds(x, y):
        yield f"{name} does not begin at its tail"
    if not head.holds(to_x, to_y):
        yield f"{name} does not end at its head"
