"""The names of a model's layers as names of a spec's items."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from specc.automatic_names import is_automatic
from specc.frontend.names import is_model_name


def item_name(name: str) -> str:
    """A name of which an item can have that name: letters, digits, ``_`` and ``-``.

    >>> item_name("stage.0.conv"), item_name("größe 2"), item_name("-x")
    ('stage_0_conv', 'größe_2', '_x')
    """
    found = re.sub(r"[^\w-]", "_", name)
    return f"_{found[1:]}" if found.startswith("-") else found or "layer"


def distinct(names: Iterable[str]) -> dict[str, str]:
    """Item names of layers, no two of them the same.

    >>> distinct(["a.b", "a_b", "c"])
    {'a.b': 'a_b_2', 'a_b': 'a_b', 'c': 'c'}
    """
    given = list(names)
    valid = {name for name in given if item_name(name) == name}
    found, taken = {}, set(valid)
    for name in given:
        wanted, count = item_name(name), 1
        while name not in valid and wanted in taken:
            count += 1
            wanted = f"{item_name(name)}_{count}"
        found[name] = wanted
        taken.add(wanted)
    return found


def distinct_of(names: Iterable[str]) -> Iterator[str]:
    """Names of which none is another, the later ones numbered.

    >>> list(distinct_of(["y", "y", "z"]))
    ['y', 'y_2', 'z']
    """
    taken: set[str] = set()
    for name in names:
        wanted, count = name, 1
        while wanted in taken:
            count += 1
            wanted = f"{name}_{count}"
        taken.add(wanted)
        yield wanted


def model_name(name: str) -> str:
    """A name of which a model can have that name, which may have dots.

    >>> model_name("mobilenet_1.00_224"), model_name("my model")
    ('mobilenet_1.00_224', 'my_model')
    """
    return name if is_model_name(name) else item_name(name)


def is_counted(name: str) -> bool:
    """Whether Keras gave a model the name.

    >>> is_counted("functional_2"), is_counted("sequential"), is_counted("resnet50")
    (True, True, False)
    """
    return any(is_automatic(name, kind) for kind in ("Functional", "Sequential", "Model"))
