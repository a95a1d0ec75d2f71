# ruff: noqa: RUF001 - the multiplication sign
"""What is seen of a scene while some frames are open."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

import specc
from specc.backends.pictures.options import Options
from specc.backends.pictures.scenes.make_scene import make_scene
from specc.backends.pictures.scenes.repeats import fold_repeats
from specc.backends.pictures.scenes.scene import Card, Frame, Scene
from specc.backends.pictures.texts.view import MOST_CARDS, Seen, View, heading, merged, see, view, words_of
from tests.support.graphs import Item as Layer
from tests.support.graphs import blocks, branches, chain, siamese, translator, typed

SPECS = sorted(Path("specs").glob("*.*"))

BLOCKS = """\
x
block stage1
  block inner
    Dense dense
    BatchNormalization norm
  Add sum
stage1.sum
x -> dense
dense -> norm
norm -> sum
x -> sum
sum -> stage1.sum
"""

CLOSED_INSIDE = """\
x
block stage1
  block inner
  Add sum
stage1.sum
x -> inner
inner -> sum
x -> sum
sum -> stage1.sum
"""

CLOSED = """\
x
block stage1
stage1.sum
x -> stage1
stage1 -> stage1.sum
"""


def test_frames_open_by_depth() -> None:
    scene = make_scene(blocks(1))
    assert shown(view(scene, Options(depth="all"))) == BLOCKS
    assert shown(view(scene, Options(depth=1))) == CLOSED_INSIDE
    assert shown(view(scene, Options(depth=0))) == CLOSED


def test_expand_opens_a_frame_and_those_around_it() -> None:
    assert shown(view(make_scene(blocks(1)), Options(depth=0, expand=("inner",)))) == BLOCKS


def test_what_is_inside_a_closed_frame_is_not_seen() -> None:
    scene = make_scene(blocks(1))
    inner = [frame.card.id for frame in view(scene, Options(depth="all")).frames()][1]
    assert shown(see(scene, {inner})) == CLOSED


def test_a_frame_that_has_no_layers_stays_closed() -> None:
    nothing = Frame(Card("f0", "block", "other", "nothing"), "nothing")
    assert view(Scene("net", "", [nothing], []), Options(depth="all")).members == (Seen(nothing.card),)


def test_as_many_frames_open_as_leave_few_enough_cards() -> None:
    scene = make_scene(blocks(4))
    assert len(list(view(scene, Options(), 14).cards())) == 14
    assert len(list(view(scene, Options(), 13).cards())) == 10, "what is inside the stages is closed"
    assert len(list(view(scene, Options(), 9).cards())) == 6


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_every_spec_is_seen_in_few_cards(spec: Path) -> None:
    assert len(list(view(scene_of(spec), Options()).cards())) <= MOST_CARDS


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_wires_end_at_cards_that_are_seen_and_none_is_lost(spec: Path) -> None:
    scene = scene_of(spec)
    for depth in (0, 1, "all", None):
        seen = view(scene, Options(depth=depth))
        ids = {card.id for card in seen.cards()}
        assert {id for wire in seen.wires for id in (wire.tail, wire.head)} == ids
    opened = view(scene, Options(depth="all")).wires
    assert [(wire.tail, wire.out, wire.head, wire.into) for wire in opened] == [tuple(wire[:4]) for wire in scene.wires]


def test_a_line_says_what_is_folded() -> None:
    scene = make_scene(blocks(4))
    assert view(scene, Options(), 9).said == ["folded: block × 4 (--expand block, --depth 1)"]
    assert view(scene, Options(depth=1)).said == ["folded: block × 4 (--expand block, --depth 2)"]
    assert view(scene, Options(depth="all")).said == []


def test_equal_layers_in_a_row_stay_one_card() -> None:
    items = [
        Layer("x", "Input", shape=[8]),
        *(Layer(f"d{n}", "Dense", f"d{n - 1}" if n else "x", units=8) for n in range(5)),
    ]
    scene = fold_repeats(make_scene(typed("five", *items)))
    seen = view(scene, Options())
    assert [heading(card)[0] for card in seen.cards()] == ["x", "Dense × 5", "d4"]
    assert seen.said == []


def test_ports_have_names_at_both_ends() -> None:
    seen = view(make_scene(translator()), Options())
    assert [(wire.out_name, wire.in_name) for wire in seen.wires if wire.out_name or wire.in_name] == [
        ("", "sequences"),
        ("state_h", "initial state_h"),
        ("state_c", "initial state_c"),
        ("", "query, value"),
    ]


def test_wires_that_look_alike_are_one_with_their_number() -> None:
    seen = view(make_scene(translator()), Options())
    assert sorted(count for _, count in merged(seen.wires)) == [1] * (len(seen.wires) - 2) + [2]


def test_what_a_card_says() -> None:
    cards = {heading(card): card for card in view(make_scene(siamese()), Options(depth=0)).cards()}
    assert words_of(cards["tower", "one"]) == ["2 layers", "shared A"]
    assert words_of(cards["tower", "other"]) == ["2 layers", "shared A"]
    cards = {heading(card): card for card in view(make_scene(branches()), Options()).cards()}
    assert words_of(cards["Dense", "branch"]) == ["10 units", "frozen"]
    assert words_of(cards["Dense", "branch"], all=True) == ["trainable false", "units 10", "use_bias false"]


def test_inputs_and_outputs_are_called_by_their_names() -> None:
    cards = list(view(make_scene(chain()), Options()).cards())
    assert [heading(card) for card in (cards[0], cards[-1])] == [("image", ""), ("digit", "")]


@cache
def scene_of(spec: Path) -> Scene:
    return fold_repeats(make_scene(specc.compile(str(spec))))


def shown(seen: View) -> str:
    names = {card.id: card.name for card in seen.cards()}
    lines = [*_tree(seen.members, ""), *(f"{names[wire.tail]} -> {names[wire.head]}" for wire in seen.wires)]
    return "\n".join(lines) + "\n"


def _tree(members: tuple[Seen, ...], indent: str) -> list[str]:
    lines: list[str] = []
    for member in members:
        lines.append(indent + " ".join(filter(None, heading(member.card))))
        lines += _tree(member.members or (), indent + "  ")
    return lines
