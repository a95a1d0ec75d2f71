"""What stands below a picture."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

from tests.support.engine import card, js, wires

CARDS = [
    card("x", "Input", "input", "input"),
    card("a", "Conv2D", "conv"),
    card("b", "MaxPooling2D", "pool"),
    card("c", "Dense", "dense"),
    card("y", "output", "output", "output"),
]


def legend(*cards: dict[str, Any], across: float = 400, marks: str = "") -> dict[str, Any]:
    members = [{"id": each["id"], "card": each} for each in cards]
    found: dict[str, Any] = js(
        "measureLegend(members, wires, across)",
        "legend",
        members=members,
        wires=wires("x a", mark=marks),
        across=across,
    )
    return found


def names(found: dict[str, Any]) -> list[str]:
    return [entry["name"] for entry in found["entries"]]


def test_the_families_that_are_there() -> None:
    assert names(legend(*CARDS)) == ["input", "convolution", "pool, reshape", "dense, embedding", "output"]


def test_there_is_none_for_two_families_of_layers() -> None:
    assert legend(*CARDS[:3], CARDS[4]) == {"entries": [], "width": 0, "height": 0}


def test_signs_are_always_explained_and_the_families_with_them() -> None:
    first = card("a", "Dense", "dense", badge="A", frozen=True, mark="changed")
    link = card("l", "", form="link", symbol="1")
    assert names(legend(first, link, marks="removed")) == [
        "dense, embedding", "shared", "frozen", "continued", "removed", "changed"
    ]  # fmt: skip


def test_entries_stand_in_columns_within_the_width() -> None:
    wide, narrow = legend(*CARDS), legend(*CARDS, across=190)
    assert {entry["y"] for entry in wide["entries"]} == {16}
    assert [(entry["x"] > 0, entry["y"]) for entry in narrow["entries"]] == [
        (False, 16), (True, 16), (False, 28), (True, 28), (False, 40)
    ]  # fmt: skip
    assert narrow["width"] <= 190
    assert narrow["height"] == 46


def test_each_entry_has_the_form_and_colour_of_what_it_explains() -> None:
    svg = js(
        "legendSvg(legend, THEMES.light)",
        "legend",
        "theme",
        legend=legend(*CARDS, card("n", "Add", badge="A", mark="added")),
    )
    groups = ET.fromstring(f"<g>{svg}</g>").findall("g")
    assert [group.get("class") or group[0].get("class") for group in groups] == [
        "input", "conv", "pool", "dense", "other", "output", "badge", "added"
    ]  # fmt: skip
    fills = [shape.get("fill") for group in groups for shape in group.iter("path") if shape.get("class") == "shape"]
    assert fills == ["#0d2b1f", "#2c70b8", "#8da5c8", "#f1b556", "#fafaf8", "#0b0e23"]
