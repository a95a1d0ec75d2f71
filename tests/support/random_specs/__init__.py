"""Random whole specs that are meant to be valid, for comparing what specc says of a model with the model.

A spec grows item by item: each new item is random but for its argument names, and stays only if specc accepts it.
What specc refuses on the way is kept too, since a refusal can be as wrong as an acceptance.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.support.random_specs import blocks, items, tops
from tests.support.random_specs.grown import Grown
from tests.support.random_specs.kinds import POLICIES, Item
from tests.support.random_specs.rewriting import finish, rewrite

__all__ = ["Drawn", "Item", "random_spec"]

ITEMS: tuple[tuple[float, Callable[[Grown, str], Item | None]], ...] = (
    (10, items.layer),
    (4, items.operation),
    (2, items.several),
    (1.5, items.shared),
    (1.5, blocks.instance),
    (1, items.decoder),
    (1, items.scores),
    (1, items.absent),
)
"""What an item can be, and how often it is tried."""


@dataclass
class Drawn:
    """A random spec; what was refused while it grew; and what should not have been refused but was."""

    spec: Item
    refused: list[Item]
    surprises: list[str]


def random_spec(seed: int) -> Drawn:
    """The spec of a seed."""
    random = Random(seed)
    grown = Grown(random)
    policy = random.choice(POLICIES)
    if policy != "float32":
        grown.spec["dtype_policy"] = policy
    for number in range(random.choice([1, 1, 1, 2, 2, 3])):
        grown.input(f"in{number}")
    for number in range(random.randint(3, 25)):
        _grow(grown, f"n{number}")
    for leaf in [ref for ref in grown.unread if ref.startswith("in")]:
        grown.add({"type": "Identity", "name": f"{leaf}_too", "from": leaf})
    grown.spec["name"] = f"random_{seed}"
    finish(grown)
    top = Random(f"random_{seed}")  # one of its own, so that what is drawn above stays the same
    if top.random() < 0.3:
        rewrite(grown, "descriptions", tops.described(grown.spec, top))
    if top.random() < 0.3:
        rewrite(grown, "freeze", tops.frozen(grown.spec, top))
    return Drawn(grown.spec, grown.refused, grown.surprises)


def _grow(grown: Grown, name: str) -> None:
    """Add an item: draw until specc accepts one."""
    for _ in range(40):
        (draw,) = grown.random.choices([draw for _, draw in ITEMS], [weight for weight, _ in ITEMS])
        item = draw(grown, name)
        if item is not None and grown.add(item):
            return
