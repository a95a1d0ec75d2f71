"""Random whole specs that are meant to be valid, for comparing what specc says of a model with the model.

A spec grows item by item: each new item is random but for its argument names, and stays only if specc accepts it.
What specc refuses on the way is kept too, since a refusal can be as wrong as an acceptance. Each spec is also asked for
some of the language's forms (`forms`), so that enough specs have them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.support.random_specs import plugged
from tests.support.random_specs.forms import FORMS
from tests.support.random_specs.growing import grow, grow_form
from tests.support.random_specs.grown import Grown
from tests.support.random_specs.kinds import POLICIES, Item
from tests.support.random_specs.rewriting import finish

__all__ = ["PER_SPEC", "Drawn", "Item", "random_spec"]

PER_SPEC = 3
"""How many forms each spec is asked for."""


@dataclass
class Drawn:
    """A random spec; the forms it was asked for; what was refused while it grew, and what should not have been."""

    spec: Item
    asked: list[str]
    refused: list[Item]
    surprises: list[str]


def random_spec(seed: int, folder: Path | None = None) -> Drawn:
    """The spec of a seed. With a folder, it may include files that are written there.

    It uses `tests.support.plugin` where that is added, and must then be read where it is.
    """
    random = Random(seed)
    grown = Grown(random, folder)
    has_files, has_plugin = folder is not None, plugged.is_added()
    names = [name for name, form in FORMS.items() if has_files >= form.needs_files and has_plugin >= form.needs_plugin]
    asked = [names[(PER_SPEC * seed + number) % len(names)] for number in range(PER_SPEC)]
    policy = random.choice(POLICIES)
    if policy != "float32":
        grown.spec["dtype_policy"] = policy
    for number in range(random.choice([1, 1, 1, 2, 2, 3])):
        grown.input(f"in{number}")
    wanted = random.randint(3, 20)
    for number in range(wanted):
        grow(grown, f"n{number}")
    for number, form in enumerate(asked, wanted):
        grow_form(grown, f"n{number}", form)
    for leaf in [ref for ref in grown.unread if ref.startswith("in")]:
        grown.add({"type": "Identity", "name": f"{leaf}_too", "from": leaf})
    grown.spec["name"] = f"random_{seed}"
    finish(grown, asked)
    return Drawn(grown.spec, asked, grown.refused, grown.surprises)
