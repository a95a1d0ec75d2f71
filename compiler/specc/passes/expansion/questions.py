"""What expressions ask of the scope that they are in: the shapes of its items, and how many tensors an input takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from specc.diagnostics import Report
from specc.frontend.include import Unit
from specc.ir import Graph, MadeFor
from specc.passes.expansion.layer_items import LayerItems
from specc.passes.expansion.scopes import Scope

if TYPE_CHECKING:
    from specc.expressions.shapes import Answer
    from specc.passes.expansion.known_shapes import KnownShapes


class Asked:
    """The questions of one compilation."""

    def __init__(
        self,
        unit: Unit,
        values: Mapping[Unit, Mapping[str, Any]],
        layers: LayerItems,
        report: Report,
    ) -> None:
        self._unit = unit
        self._values = values
        self._layers = layers
        self._report = report
        self._shapes: KnownShapes | None = None

    def made_for(self, scope: Scope, graph: Graph) -> tuple[MadeFor, ...]:
        """The sizes that expressions in a nested model of that graph were computed from."""
        return () if self._shapes is None else self._shapes.made_for(scope, graph)

    def shapes(self) -> KnownShapes:
        """Whatever answers."""
        if self._shapes is None:
            from specc.passes.expansion.known_shapes import KnownShapes  # few specs ask

            self._shapes = KnownShapes(self._unit, self._values, self._layers, self._report)
        return self._shapes


class ScopeQuestions:
    """Those of one scope."""

    def __init__(self, asked: Asked, scope: Scope) -> None:
        self._asked = asked
        self._scope = scope

    def shape(self, reference: str) -> Answer:
        """The shape of what a reference refers to in the scope. NoShapeError, or Failed, if that is not known."""
        return self._asked.shapes().of(self._scope, reference)

    def count(self, name: str) -> int | None:
        """How many tensors an input of the block gets; None if it is not an input that takes several. NoShapeError too."""
        if self._scope.block is None or name not in self._scope.block.many:
            return None
        return self._asked.shapes().count(self._scope, name)
