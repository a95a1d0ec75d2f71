"""What the tests of suggestions share: a wrong spec's help, and that the spec is sound with it."""

from __future__ import annotations

import specc
from tests.support.checking import spec


def helps(text: str) -> list[str]:
    """The helps of a spec's errors."""
    return [it.help or "" for it in specc.check(spec(text)) if it.severity == "error"]


def mended(text: str, *changes: tuple[str, str]) -> bool:
    """Whether a spec has an error, and none with the changes: each a text that stands in it once, and another for it."""
    assert helps(text)
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    found = specc.check(spec(text))
    assert not [it for it in found if it.severity == "error"], found
    return True
