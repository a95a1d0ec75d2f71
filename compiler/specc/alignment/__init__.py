"""What two graphs have in common: which layer of one is which of the other, by structure more than by name.

A stage above ``ir``: pictures of a change draw an alignment.
"""

from specc.alignment.align import align
from specc.alignment.result import Alignment, Change, Pair

__all__ = ["Alignment", "Change", "Pair", "align"]
