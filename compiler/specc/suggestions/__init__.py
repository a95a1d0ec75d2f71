"""What to write where a layer is refused: fixes further up the graph, suggested only if they were tried and help.

One function per kind of mistake. Each is given the refused layer and what is known of the graph, and returns the
words of a fix with which the layer, and all layers between, can be called; or None.
"""

from __future__ import annotations

from collections.abc import Callable

from specc.diagnostics.problem import RuleError
from specc.ir import Node
from specc.suggestions.attention_order import attention_order
from specc.suggestions.dtypes import dtypes
from specc.suggestions.encodings import encodings, vocabularies
from specc.suggestions.input_shapes import batch_axis, batch_sizes, channels_first, last_axis
from specc.suggestions.joins import joins
from specc.suggestions.look import Look
from specc.suggestions.reshaping import as_sequence, flattened
from specc.suggestions.sequences import return_sequences
from specc.suggestions.states import states
from specc.suggestions.taken_above import taken_above

Suggestion = Callable[[Look, Node, RuleError | None], str | None]
"""The refused node, and its error; None if a layer inside a nested model was refused."""

SUGGESTIONS: tuple[Suggestion, ...] = (
    states,
    return_sequences,
    attention_order,
    batch_axis,
    flattened,
    channels_first,
    batch_sizes,
    encodings,
    vocabularies,
    dtypes,
    joins,
    last_axis,
    as_sequence,
    taken_above,
)
"""From the most specific to the most general, since the first that helps is used."""


def suggest(look: Look, node: Node, error: RuleError | None) -> str | None:
    """The words of a fix for a refused node; None if none was found, and the layer's own help is used."""
    return next((found for it in SUGGESTIONS if (found := it(look, node, error)) is not None), None)
