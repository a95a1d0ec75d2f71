"""Scenes as text, a card or frame a line: what a test compares with what it expects."""

from __future__ import annotations

from collections.abc import Iterator

import specc
from specc.backends.pictures.scenes.make_scene import make_scene
from specc.backends.pictures.scenes.scene import Card, Frame, Scene


def shown_spec(text: str) -> str:
    """The scene of a spec, as text."""
    return shown(make_scene(specc.compile(specc.Spec.from_text(text))))


def shown(scene: Scene) -> str:
    """The scene as text: ``n2 LSTM "decoder" 4 units | 208 params <- n1 > sequences, n0.state_h > initial state_h``."""
    reads: dict[str, list[str]] = {}
    for wire in scene.wires:
        end = f" > {wire.into}" if wire.into and not wire.into.isdigit() else ""
        reads.setdefault(wire.head, []).append(f"{wire.tail}{'.' * bool(wire.out)}{wire.out}{end}")
    lines = [f"{scene.title}: {scene.caption}"]
    lines += [line for member in scene.members for line in _lines(member, reads, "  ")]
    return "\n".join(lines) + "\n"


def _lines(item: Card | Frame, reads: dict[str, list[str]], indent: str) -> Iterator[str]:
    card = item.card if isinstance(item, Frame) else item
    facts = card.as_dict()["facts"]
    parts = [
        card.id,
        card.type if card.form not in ("input", "output") else card.form,
        f"× {card.times}" if card.times > 1 else "",  # noqa: RUF001 - as pictures have it
        f'"{card.name}"' if card.name else "",
        f"[{card.badge}]" if card.badge else "",
        "frozen" if card.frozen else "",
        card.mark,
        ", ".join(card.words),
        f"| {', '.join(facts)}" if facts else "",
        f"<- {', '.join(reads[card.id])}" if card.id in reads else "",
    ]
    if isinstance(item, Frame):
        parts += [f"in {item.ins}" if item.ins else "", f"out {item.outs}" if item.outs else ""]
    yield indent + " ".join(filter(None, parts))
    if isinstance(item, Frame):
        for member in item.members:
            yield from _lines(member, reads, indent + "  ")
