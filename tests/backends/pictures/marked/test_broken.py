"""Errors are drawn at their layers; what depends on them is not known."""

from __future__ import annotations

from pathlib import Path

import pytest

from specc.backends.pictures.marked.broken import broken_scene
from specc.backends.pictures.scenes.repeats import fold_repeats
from specc.backends.pictures.scenes.scene import Card, Scene, cards_of, frames_of
from specc.backends.pictures.texts.text import spell
from specc.pipeline import Spec, attempt
from tests.support.invalid import FILES


def scene(text: str) -> Scene:
    found = attempt(Spec.from_text(text)).sketch
    assert found is not None
    return broken_scene(found)


def cards(scene: Scene) -> list[Card]:
    return [card for member in scene.members for card in cards_of(member)]


def marks(scene: Scene) -> list[str]:
    return [
        " ".join(filter(None, [card.mark, card.type, card.name, *card.notes])) for card in cards(scene) if card.mark
    ]


X = "layers:\n  - {type: Input, name: x, shape: [8]}\n"


def test_an_unknown_type() -> None:
    found = scene(f"{X}  - {{type: Dens, name: a, units: 4}}\n  - {{type: ReLU, name: y}}\n")
    assert marks(found) == [
        'error Dens a unknown-layer: unknown layer type "Dens"',
        "unknown ReLU y",
        "unknown output y",
    ]
    assert found.caption == "1 error · 2 layers not known"
    assert cards(found)[1].shape == ""


def test_a_name_that_nothing_has() -> None:
    found = scene(f"{X}  - {{type: ReLU, name: y, from: xx}}\n")
    assert marks(found)[:2] == ["error xx there is no such name", 'error ReLU y unknown-name: there is no layer "xx"']
    wire = next(wire for wire in found.wires if wire.head == cards(found)[2].id)
    assert wire.tail == cards(found)[1].id


def test_a_merge_with_an_error_has_room_for_it() -> None:
    found = scene(f"{X}  - {{type: Dense, name: a, units: 4}}\n  - {{type: Add, name: y, from: [x, a]}}\n")
    (card,) = [card for card in cards(found) if card.mark == "error"]
    assert (card.form, card.symbol) == ("layer", "")
    assert card.notes[0].startswith("shape-mismatch: cannot ")


def test_errors_of_no_layer_stand_in_the_caption() -> None:
    found = scene(f"{X}  - {{type: Dense, name: y, units: 1}}\nexpect: {{params: 3}}\n")
    assert marks(found) == []
    assert found.caption == "1 error · expectation: the model has 9 parameters, where 3 is expected"


def test_a_block_with_an_error_is_open() -> None:
    block = "blocks: {unit: {inputs: [a], layers: [{type: Dense, name: b, from: a}], outputs: [b]}}\n"
    items = "".join(f"  - {{type: unit, name: u{number}}}\n" for number in range(3))
    found = scene(f"{block}{X}{items}")
    frames = list(frames_of(found.members))
    assert [frame.card.notes for frame in frames] == [["1 error"]] * 3
    assert found.open == frozenset({frames[0].card.id})


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_invalid_spec_is_drawn_or_has_nothing_to_draw(path: Path) -> None:
    found = attempt(path).sketch
    if found is None:
        return
    drawn = broken_scene(found)
    ids = {card.id for card in cards(drawn)}
    assert {end for wire in drawn.wires for end in (wire.tail, wire.head)} <= ids
    blamed = {id(it) for those in found.blame.members.values() for it in those}
    assert drawn.caption.startswith(f"{len(blamed) + len(found.blame.others)} error")
    items = [*cards(drawn), *(frame.card for frame in frames_of(drawn.members))]
    noted = {card.path for card in items if card.mark == "error"}
    nodes = found.graph.graph.nodes
    formulas = {name: it.formula.name for name, it in nodes.items() if it.formula is not None}  # one card for all of it
    assert {formulas.get(name, name) for name in found.blame.members} <= noted
    assert {card.path for card in items if card.mark == "unknown" and card.form != "output"} - set(
        found.blame.members
    ) <= {
        *found.unknown,
        *found.graph.graph.instances,
    }
    assert spell(fold_repeats(drawn)).startswith(drawn.title)
