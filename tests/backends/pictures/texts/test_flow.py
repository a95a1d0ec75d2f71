"""The order of what is seen in which tensors flow down."""

from __future__ import annotations

from collections.abc import Sequence

from specc.backends.pictures.options import Options
from specc.backends.pictures.scenes.scene import Card, Form, Frame, Scene, Wire
from specc.backends.pictures.texts.flow import in_flow
from specc.backends.pictures.texts.view import Seen, view


def card(id: str, form: Form = "layer") -> Card:
    return Card(id, form, "other", "Any")


def frame(id: str, *members: Card | Frame) -> Frame:
    return Frame(Card(id, "block", "other", "block"), "block", list(members))


def order(members: Sequence[Card | Frame], *wires: str) -> str:
    """The order of a scene; its wires are written "ab", from a to b."""
    scene = Scene(
        "net", "", list(members), [Wire(wire[0], "", wire[1], str(index)) for index, wire in enumerate(wires)]
    )
    return " ".join(_ids(in_flow(view(scene, Options(depth="all"))).members))


def _ids(members: tuple[Seen, ...]) -> list[str]:
    found: list[str] = []
    for member in members:
        found += [member.card.id] if member.members is None else [f"{member.card.id}(", *_ids(member.members), ")"]
    return found


def test_what_is_read_comes_first_and_the_rest_stays_in_its_order() -> None:
    assert order([card("c"), card("b"), card("a")], "ab") == "c a b"


def test_frames_stay_together() -> None:
    assert order([frame("f", card("a"), card("c")), card("b")], "ac", "ab") == "f( a c ) b"
    assert order([card("d"), frame("f", card("a"), card("b"))], "ba", "ad") == "f( b a ) d"


def test_an_input_is_where_it_is_read_and_an_output_where_it_is_given() -> None:
    ends = [card("o", "output"), card("p", "output")]
    assert (
        order([card("x", "input"), card("y", "input"), card("a"), card("b"), *ends], "xa", "ab", "yb", "ao", "bp")
        == "x a o y b p"
    )


def test_frames_that_read_each_other() -> None:
    frames = [frame("f", card("a"), card("d")), frame("g", card("b"), card("c"))]
    assert order(frames, "ab", "cd") == "f( a d ) g( b c )"
