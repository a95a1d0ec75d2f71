"""What a formula can name: what stands around it."""

from __future__ import annotations

from collections.abc import Container
from typing import NamedTuple


class Around(NamedTuple):
    """The names around a formula."""

    names: Container[str] = ()
    """Of items and inputs."""
    copied: Container[str] = ()
    """Those of items with copies, of which ``q[0]`` is the first, and of inputs that take several tensors."""
    instances: Container[str] = ()
    """Those that may have members of any name."""


NOTHING = Around()
