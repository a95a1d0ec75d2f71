"""What the tensors of an attention layer are for, by their order and by their names."""

from __future__ import annotations

import re
from collections.abc import Iterable

ROLES = ("query", "value", "key")
"""In Keras's order."""
_WORDS = {
    "query": frozenset({"q", "query", "queries"}),
    "value": frozenset({"v", "value", "values", "val"}),
    "key": frozenset({"k", "key", "keys"}),
}


def role(name: str) -> str | None:
    """The role of a tensor, judging by its name.

    >>> role("to_k"), role("encoder.values"), role("wq"), role("x")
    ('key', 'value', 'query', None)
    """
    words = [word for word in re.split(r"[^a-z]+", name.lower()) if word]
    for found, spellings in _WORDS.items():
        if any(word in spellings or (word[1:] in spellings and word[:1] in "hpwx") for word in words):
            return found
    return None


def by_role(names: Iterable[str]) -> dict[str, str]:
    """Names by their roles, in Keras's order; empty unless each has a role of its own.

    >>> by_role(["q", "k", "v"]), by_role(["a", "v"])
    ({'query': 'q', 'value': 'v', 'key': 'k'}, {})
    """
    given = list(names)
    found = {role(name): name for name in given}
    return {one: found[one] for one in ROLES if one in found} if len(found) == len(given) and None not in found else {}
