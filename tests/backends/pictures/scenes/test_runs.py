"""What is equal in a row of cards and frames, and what goes from one to another."""

from __future__ import annotations

from typing import Any

import specc
from specc.backends.pictures.scenes.make_scene import make_scene
from specc.backends.pictures.scenes.runs import Looks, Net, Row, Run
from specc.backends.pictures.scenes.scene import Wire, card_of

X = {"type": "Input", "name": "x", "shape": [8]}


def row(*layers: dict[str, Any]) -> tuple[Row, list[str]]:
    """The row of a flat graph, and the types in it."""
    scene = make_scene(specc.compile({"layers": [X, *layers]}))
    net = Net(scene.wires)
    looks = Looks(net, scene.members)
    for item in scene.members:
        looks.add(item)
    return Row(scene.members, net, looks), [card_of(item).type for item in scene.members]


def dense(name: str, source: str, units: int = 8) -> dict[str, Any]:
    return {"type": "Dense", "name": name, "units": units, "from": source}


def test_layers_in_a_chain() -> None:
    found, types = row(*(dense(f"d{it}", f"d{it - 1}" if it else "x") for it in range(5)), dense("y", "d4", 2))
    assert types == ["Input", *["Dense"] * 6, "output"]
    assert found.runs() == [Run(1, 1, 5, in_chain=True)]


def test_layers_side_by_side() -> None:
    found, _ = row(
        *(dense(f"d{it}", "x") for it in range(4)),
        {"type": "Concatenate", "name": "y", "from": [f"d{it}" for it in range(4)]},
    )
    assert found.runs() == [Run(1, 1, 4, in_chain=False)]


def test_groups_of_layers() -> None:
    pairs = [({"type": "Dense", "units": 8}, {"type": "ReLU"}) for _ in range(4)]
    found, _ = row(*(layer for pair in pairs for layer in pair))
    (run,) = found.runs()
    assert (run, run.end, run.hidden) == (Run(1, 2, 4, in_chain=True), 9, 6)


def test_a_card_that_goes_leaves_its_readers_to_another() -> None:
    net = Net([Wire("a", "", "b", "0"), Wire("b", "", "c", "0"), Wire("b", "", "d", "0")])
    net.remove("b", "a", {"c"})
    assert [(wire.tail, wire.head) for wire in net.out_of("a")] == [("a", "d")]
    assert net.into("b") == net.into("c") == []
