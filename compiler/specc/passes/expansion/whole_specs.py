"""The inside of a whole spec that is used as a block: its parts about the whole model, with the instance's values."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from specc.calls import Policy
from specc.frontend.items import parse_item
from specc.frontend.schema import Spec
from specc.frontend.whole_spec import WholeSpec
from specc.ir import Declared
from specc.passes import whole_model
from specc.passes.expansion.freeze_items import report_unmatched
from specc.passes.expansion.freeze_patterns import Freezing
from specc.passes.expansion.layer_items import LayerItems
from specc.passes.expansion.report import ItemReport
from specc.passes.expansion.scopes import Entry, Scope
from specc.source import Origin, Place


@contextmanager
def of_whole(scope: Scope, layers: LayerItems, report: ItemReport) -> Iterator[None]:
    """While the scope of an instance is filled; for a block that is no whole spec this does nothing.

    The values of the file are the instance's, also for its blocks and its ``defaults``. Its ``dtype_policy`` is the dtype of
    its layers, and its ``freeze`` freezes them.
    """
    if not isinstance(scope.block, WholeSpec):
        yield
        return
    unit, values = scope.unit, scope.values
    assert isinstance(unit.spec, Spec)
    policy = whole_model.dtype_policy(unit.spec, unit, values, report.report)
    if policy is not None:
        scope.inherited = {"dtype": policy, **scope.inherited}
    frozen = whole_model.freeze(unit.spec, unit, values, report.report)
    scope.freezing = scope.freezing.and_also(Freezing.of(frozen))
    with layers.with_values(unit, values):
        scope.declared = _declared(scope, scope.block, layers, report)
        yield
    if frozen and not report.report.failed:
        report_unmatched(frozen, scope, report.report)


def _declared(scope: Scope, block: WholeSpec, layers: LayerItems, report: ItemReport) -> dict[str, Declared]:
    """What its Input layers say of the tensors that an instance gives."""
    found = {}
    for name, index in block.declared.items():
        place = Place(scope.unit.document, ("layers", index))
        item, problems = parse_item(place.written)
        assert item is not None, problems
        entry = Entry(name, True, item, Origin(place, scope.frames), scope)
        entry.arguments = report.value(item.arguments, scope.values, place, scope.frames)
        layer = layers.layer(entry, item.type or "")
        (tensor,) = layer.infer(layer.call({}, {}, Policy.named("float32")))
        found[name] = Declared(tensor, place)
    return found
