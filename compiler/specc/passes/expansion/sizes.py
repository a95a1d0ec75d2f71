"""How many layers items become at least, as written: this is spent before any of them is created."""

from __future__ import annotations

from specc.frontend.include import Unit
from specc.frontend.items import Item
from specc.frontend.schema import Block
from specc.passes.expansion.blocks import Blocks, Definition

PARTS_A_LAYER = 16
"""Arguments, inputs, outputs and edges of a block that cost as much as a layer."""


class LeastSizes:
    """The least sizes of items and blocks. What depends on values counts as little as possible."""

    def __init__(self, blocks: dict[Unit, Blocks]) -> None:
        self._blocks = blocks
        self._known: dict[Definition, int] = {}

    def opens(self, item: Item, unit: Unit) -> bool:
        """Whether each copy of an item becomes an instance of the block that its type names, whatever its values."""
        return item.when is None and item.type in self._blocks[unit]

    def copy(self, item: Item, unit: Unit) -> int:
        """What one copy of an item becomes: a layer, or an instance and its contents."""
        block = self._blocks[unit].get(item.type or "")
        return 1 if block is None or item.when is not None else 1 + self.block(block)

    def item(self, item: Item, unit: Unit) -> int:
        """What an item with all its copies becomes; with no copies, what replaces it."""
        if item.repeat is None and item.each is None:
            return self.copy(item, unit)
        given = item.each if item.repeat is None else item.repeat
        count = given if isinstance(given, int) else 0
        if isinstance(given, dict):
            count = min((len(values) for values in given.values() if isinstance(values, list)), default=0)
        return max(1, count * self.copy(item, unit))

    def block(self, block: Definition) -> int:
        """The contents of each instance of a block, which does not contain itself as written."""
        if block not in self._known:
            inside = sum(self.item(item, block.unit) for item in block.block.layers)
            self._known[block] = cost_of_parts(block.block) + inside
        return self._known[block]


def cost_of_parts(block: Block) -> int:
    """What the arguments, inputs, outputs and edges of a block cost, in layers."""
    return (len(block.args) + len(block.inputs) + len(block.ports) + len(block.edges or ())) // PARTS_A_LAYER
