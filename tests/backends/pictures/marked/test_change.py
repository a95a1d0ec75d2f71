"""One scene of two graphs: what differs is marked, and open."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

import specc
from specc.alignment import align
from specc.backends.pictures.marked.change import change_scene, summary
from specc.backends.pictures.scenes.scene import Card, Frame, Scene, cards_of, frames_of
from specc.ir import TypedGraph
from tests.support import graphs
from tests.support.graph_edits import edit
from tests.support.graphs import Item, typed

SPECS = Path(__file__).parents[4] / "specs"
OLD = (
    Item("x", "Input", shape=[8, 8, 3]),
    Item("stem", "Conv2D", "x", filters=4, kernel_size=3),
    Item("drop", "Dropout", "stem", rate=0.5),
    Item("flat", "Flatten", "drop"),
    Item("y", "Dense", "flat", units=10),
)


def scene(*items: Item, old: tuple[Item, ...] = OLD) -> Scene:
    return change_scene(align(typed("m", *old), typed("m", *items)))


def cards(scene: Scene) -> list[Card]:
    return [card for member in scene.members for card in cards_of(member)]


def marks(scene: Scene) -> list[str]:
    """Each marked card in a line: mark, name, notes."""
    return [" ".join([card.mark, card.path, *card.notes]) for card in cards(scene) if card.mark]


def wires(scene: Scene, mark: str) -> list[tuple[str, str]]:
    """The marked wires, by the names of their ends."""
    path = {card.id: card.path for card in cards(scene)}
    return [(path[wire.tail], path[wire.head]) for wire in scene.wires if wire.mark == mark]


def test_an_argument() -> None:
    found = scene(OLD[0], Item("stem", "Conv2D", "x", filters=8, kernel_size=3, use_bias=False), *OLD[2:])
    assert marks(found) == ["changed stem filters 4 → 8 use_bias true → false"]
    assert found.caption == "1 changed · 1,562 → 3,106 parameters"
    assert wires(found, "added") == wires(found, "removed") == []


def test_a_layer_that_is_added() -> None:
    found = scene(*OLD[:4], Item("more", "Dense", "flat", units=5), Item("y", "Dense", "more", units=10))
    assert marks(found) == ["added more"]
    assert wires(found, "added") == [("flat", "more"), ("more", "y")]
    assert wires(found, "removed") == []  # where the way leads through what was added, one way is enough


def test_a_layer_that_is_removed_stands_where_it_stood() -> None:
    found = scene(*OLD[:2], Item("flat", "Flatten", "stem"), OLD[4])
    assert marks(found) == ["removed drop"]
    assert [card.path for card in cards(found)] == ["x", "stem", "drop", "flat", "y", "y"]
    assert wires(found, "added") == [("stem", "flat")]
    assert wires(found, "removed") == [("stem", "drop"), ("drop", "flat")]


def test_another_wire() -> None:
    old = (
        Item("x", "Input", shape=[4]),
        Item("a", "Dense", "x", units=4),
        Item("b", "Dense", "x", units=4, use_bias=False),
        Item("c", "ReLU", "a"),
        Item("y", "Add", "b", "c"),
    )
    found = scene(*old[:3], Item("c", "ReLU", "b"), Item("y", "Add", "a", "c"), old=old)
    assert marks(found) == ["changed c inputs a → b", "changed y inputs b, c → a, c"]
    assert wires(found, "added") == [("b", "c"), ("a", "y")]
    assert wires(found, "removed") == [("a", "c"), ("b", "y")]


def test_no_wire_leads_back() -> None:
    def chain(*types: str) -> tuple[Item, ...]:
        items = [OLD[0]]
        for type in types:
            items.append(Item(type.lower(), type, items[-1].name))
        return (*items, Item("flat", "Flatten", items[-1].name), OLD[4])

    found = scene(*chain("BatchNormalization", "ReLU"), old=chain("ReLU", "BatchNormalization"))
    assert len(marks(found)) == 3
    position = {card.id: index for index, card in enumerate(cards(found))}
    assert all(position[wire.tail] < position[wire.head] for wire in found.wires)


def test_another_type_in_the_same_place() -> None:
    found = scene(*OLD[:2], Item("drop", "GaussianDropout", "stem", rate=0.5), *OLD[3:])
    assert marks(found) == ["changed drop type Dropout → GaussianDropout"]


def test_many_changes_of_one_layer() -> None:
    other = Item(
        "stem", "Conv2D", "x", filters=8, kernel_size=5, strides=2, padding="same", activation="relu", use_bias=False
    )
    (card,) = [card for card in cards(scene(OLD[0], other, *OLD[2:])) if card.mark]
    assert (
        card.notes == ["filters 4 → 8", "kernel_size (3, 3) → (5, 5)", "strides 1 → 2", "3 more"]
        or card.notes[3] == "3 more"
    )


def test_no_difference() -> None:
    found = scene(*OLD)
    assert (marks(found), found.open) == ([], frozenset())
    assert found.caption.startswith("no difference · ")
    old = typed("m", *OLD)
    renamed = edit(old, Random(1), 0).graph
    assert summary(align(old, renamed)).startswith("no difference but in names · 5 renamed · ")


def test_outputs() -> None:
    def model(*outputs: str) -> TypedGraph:
        items = [Item("x", "Input", shape=[4]), *(Item(name, "Dense", "x", units=ord(name)) for name in "abc")]
        return typed("m", *items, outputs={f"{name}_out": name for name in outputs})

    found = change_scene(align(model("a", "b", "c"), model("a", "c")))
    assert marks(found) == ["removed b_out"]
    assert wires(found, "removed") == [("b", "b_out")]


def test_blocks_with_changes_are_open() -> None:
    old = graphs.blocks(4)
    new = edit(old, Random(3), 1)
    found = change_scene(align(old, new.graph))
    open = [frame for frame in frames_of(found.members) if frame.card.id in (found.open or ())]
    assert open
    assert all(frame.card.mark == "changed" and frame.card.notes for frame in open)


def test_of_equal_changes_one_is_open() -> None:
    def model(units: int) -> TypedGraph:
        spec = {
            "blocks": {
                "unit": {
                    "inputs": ["x"],
                    "layers": [{"type": "Dense", "units": units, "from": "x"}, {"type": "ReLU", "name": "y"}],
                    "outputs": ["y"],
                }
            },
            "layers": [{"type": "Input", "shape": [4]}, {"type": "unit", "name": "unit", "repeat": 5}],
        }
        return specc.compile(spec)

    found = change_scene(align(model(3), model(4)))
    frames = [member for member in found.members if isinstance(member, Frame)]
    assert [frame.card.notes for frame in frames] == [["1 changed"]] * 5
    assert found.open == frozenset({frames[0].card.id})


def test_a_block_that_is_added_is_one_card() -> None:
    found = change_scene(align(graphs.blocks(2), graphs.blocks(3)))
    added = [frame for frame in frames_of(found.members) if frame.card.mark == "added"]
    assert len(added) == 2  # the block, and the one inside it
    assert not found.open


def test_models_inside() -> None:
    old = graphs.siamese()
    assert change_scene(align(old, old)).open == frozenset()
    text = (SPECS / "siamese.yaml").read_text().partition("expect:")[0]
    spec = specc.Spec.from_text(text)
    found = change_scene(align(specc.compile(spec), specc.compile(spec, set={"width": 16})))
    assert marks(found)[0] == "changed encoder/shrink.conv2d filters 32 → 16"


@pytest.mark.parametrize("name", ["resnet50", "unet", "siamese", "seq2seq_attention", "mixture_of_experts"])
@pytest.mark.parametrize("seed", range(3))
def test_every_wire_ends_at_a_card(name: str, seed: int) -> None:
    old = specc.compile(SPECS / f"{name}.yaml")
    alignment = align(old, edit(old, Random(seed), 5).graph)
    found = change_scene(alignment)
    ids = [card.id for card in cards(found)]
    assert len(set(ids)) == len(ids)
    assert {end for wire in found.wires for end in (wire.tail, wire.head)} <= set(ids)
    assert set(ids) <= found.subjects.keys()
    assert sum(card.mark == "removed" for card in cards(found)) == len(alignment.removed)
    assert found == change_scene(alignment)
