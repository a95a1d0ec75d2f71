"""A spec as it is written, for backends that write it in another language: blocks, conditions, counts and formulas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from specc.frontend.include import Unit
    from specc.frontend.schema import Spec


@dataclass(frozen=True, eq=False)
class Program:
    """What a graph was expanded from. It is valid, as the graph is, and nothing in it is computed."""

    spec: Spec
    units: tuple[Unit, ...]
    """The spec's own file, then those that it includes."""
    vars: Mapping[str, Any]
    """The vars of the spec as written, or as a variant or an option sets them."""
    values: Mapping[Unit, Mapping[str, Any]]
    """The vars of each file, computed."""
