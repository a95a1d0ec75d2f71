"""Cards, frames and wires, as the engine reads them."""

from __future__ import annotations

from specc.backends.pictures.scenes.make_scene import make_scene
from specc.backends.pictures.scenes.scene import Card, Frame, cards_of, frames_of, short_count
from tests.support.graphs import NASTY, Item, typed
from tests.support.scenes import shown


def test_all_arguments_and_the_json() -> None:
    scene = make_scene(
        typed(
            "t",
            Item("x", "Input", shape=[3]),
            Item("y", "Dense", "x", units=2, kernel_initializer="he_normal", use_bias=True),
        )
    )
    card = scene.as_dict()["members"][1]
    assert card["all"] == ["units 2", "use_bias true", "kernel_initializer he_normal"]
    assert (card["facts"], card["mark"], card["notes"], card["ports"]) == (
        ["8 params", "(None, 2)"],
        "",
        [],
        {"in": {}, "out": {}},
    )
    assert scene.as_dict()["wires"] == [
        {"id": "0", "tail": "n0", "out": "", "head": "n1", "in": "0", "mark": ""},
        {"id": "1", "tail": "n1", "out": "", "head": "o0", "in": "", "mark": ""},
    ]


def test_text_is_safe_to_show() -> None:
    scene = make_scene(
        typed(
            NASTY,
            Item("x", "Input", shape=[3]),
            Item("y", "EinsumDense", "x", equation="ab,bc->ac", output_shape=2),
            outputs={NASTY: "y"},
        )
    )
    assert not {"\x1b", "\u202e", "\ufffe"} & set(shown(scene))


def test_cards_and_frames_at_any_depth() -> None:
    one, two = Card("n0", "layer", "dense", "Dense"), Card("n1", "layer", "norm", "LayerNormalization")
    inner = Frame(Card("f1", "block", "other", "inner"), "inner", [two])
    outer = Frame(Card("f0", "block", "other", "outer"), "outer", [one, inner])
    assert list(cards_of(outer)) == [one, two]
    assert list(frames_of([outer])) == [outer, inner]


def test_long_counts_are_short() -> None:
    counts = (0, 999, 1_000, 313_700, 999_990, 25_636_712, 124_439_808)
    assert [short_count(count) for count in counts] == ["0", "999", "1k", "313.7k", "1M", "25.6M", "124.4M"]
