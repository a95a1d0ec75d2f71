"""An item with its values computed, as an entry of its scope; what its layer or block is comes later."""

from __future__ import annotations

from typing import Any

from specc import layers
from specc.frontend.items import Item
from specc.frontend.names import fixed_name
from specc.passes.expansion.scopes import Entry, Scope
from specc.source import Origin


def entry_of(scope: Scope, item: Item, arguments: dict[str, Any], origin: Origin, name: str | None) -> Entry:
    """The entry of an item that is there; without a name, it gets an automatic one."""
    is_share = item.share is not None
    kind = f"{fixed_name(item.share or '')}_call" if is_share else layers.ALIASES.get(item.type or "", item.type or "")
    entry = Entry(
        name or scope.automatic_names.next(kind),
        name is not None,
        item,
        origin,
        scope,
        inherited=scope.inherited,
        arguments={} if is_share else arguments,
        options=dict(item.call or {}) if is_share else {},
        source=item.from_,
        otherwise=item.else_,
    )
    if name is None:
        scope.automatic[entry.name] = entry
    return entry
