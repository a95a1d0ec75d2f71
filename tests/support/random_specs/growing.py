"""What a random spec grows by: an item, or a few that belong together."""

from __future__ import annotations

from collections.abc import Callable

from tests.support.random_specs import blocks, formulas, groups, included, items, plugged
from tests.support.random_specs.forms import FORMS
from tests.support.random_specs.grown import Grown
from tests.support.random_specs.kinds import Item

Draw = Callable[[Grown, str], Item | bool | None]
"""Draws an item, or adds some; nothing or False if there is none for what can be read."""

DRAWS: tuple[tuple[float, Draw], ...] = (
    (10, items.layer),
    (4, items.operation),
    (2, items.several),
    (2, formulas.formula),
    (1.5, items.shared),
    (1.5, blocks.instance),
    (1, items.decoder),
    (1, items.scores),
    (1, items.absent),
    (0.5, included.own),
    (0.5, included.whole),
    *((0.3, draw) for draw in groups.ALL),
    *((0.3, draw) for draw in blocks.OF_A_FORM),
    *((0.2, draw) for draw in plugged.ALL),
)
"""What an item can be, and how often it is tried."""


def grow(grown: Grown, name: str) -> None:
    """Add an item: draw until specc accepts one."""
    for _ in range(40):
        (draw,) = grown.random.choices([draw for _, draw in DRAWS], [weight for weight, _ in DRAWS])
        if _added(grown, draw, name):
            return


def grow_form(grown: Grown, name: str, form: str) -> None:
    """Add items that have a form of the language, on a new Input if nothing else will do."""
    draw = FORMS[form].draw
    if draw is None:
        return
    for attempt in range(20):
        if attempt == 10:
            grown.add({"type": "Input", "name": f"in_{name}".replace("_n", "1"), "shape": [5, 4]})
        if _added(grown, draw, name):
            return


def _added(grown: Grown, draw: Draw, name: str) -> bool:
    """Draw; blocks, values and files that were meant for what specc refuses do not stay."""
    before = grown.spec, dict(grown.tensors), dict(grown.unread)
    drawn = draw(grown, name)
    is_added = grown.add(drawn) if isinstance(drawn, dict) else bool(drawn)
    if not is_added:
        grown.spec, grown.tensors, grown.unread = before
    return is_added
