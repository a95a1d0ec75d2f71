"""Stand-ins: for layers that have errors, and for names that nothing has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self

from pydantic import PrivateAttr

from specc.calls import Argument, Call, Callee
from specc.diagnostics.problem import RuleError
from specc.frontend.items import Item
from specc.frontend.reference_syntax import first_name
from specc.ir import NestedModel
from specc.passes.expansion.scopes import Entry, Scope
from specc.passes.wiring.edges import Edges
from specc.passes.wiring.feeding import Feeding
from specc.passes.wiring.report import WiringReport
from specc.passes.wiring.sharing import Sharing
from specc.passes.wiring.unknown import UnknownNames
from specc.shapes import Tensor
from specc.sketch.unheard import Unheard
from specc.source import Origin


class Standin(Callee):
    """What stands for a layer that cannot be made: it takes what its item says, and nothing follows from it."""

    _written: str = PrivateAttr()
    _inputs: tuple[str, ...] = PrivateAttr()
    _ports: tuple[str, ...] = PrivateAttr()
    _is_name: bool = PrivateAttr()

    @classmethod
    def of(
        cls,
        written: str,
        inputs: tuple[str, ...] = ("inputs",),
        ports: tuple[str, ...] = ("output",),
        *,
        is_name: bool = False,
    ) -> Self:
        """The stand-in for a type, or with ``is_name`` for a name that nothing has."""
        made = cls()
        made._written, made._inputs, made._ports, made._is_name = written, inputs, ports, is_name
        return made

    @classmethod
    def of_model(cls, model: NestedModel) -> Self:
        """The stand-in for a nested model whose inside is not known."""
        names = tuple(argument.name for argument in model.tensor_arguments())
        return cls.of(model.type_name, names, model.ports({}) or ("output",))

    @property
    def type_name(self) -> str:
        """The type as it is written, or the name."""
        return self._written

    @property
    def is_name(self) -> bool:
        """Whether it is only a name that something refers to."""
        return self._is_name

    def tensor_arguments(self) -> tuple[Argument, ...]:
        """Those that its item names; each takes any number of tensors."""
        return tuple(Argument(name, required=False, many=True, least=0) for name in self._inputs)

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """RuleError: nothing is known of what it gives."""
        raise RuleError("is not known")

    def ports(self, options: dict[str, Any]) -> tuple[str, ...]:
        """Those of a nested model's block; else one."""
        return self._ports


def put_standins(scope: Scope) -> None:
    """Give a stand-in to each entry of a scope that could not be made, and to each name that nothing has."""
    report = WiringReport(Unheard())
    unknown = UnknownNames(report)
    for inside in _scopes(scope):
        for entry in inside.entries:
            if entry.broken:
                _stand_in(entry)
    Sharing(report, unknown).share_all(scope)
    for inside in _scopes(scope):
        _tell_apart(inside)
        for entry in inside.entries:
            if entry.layer is None and entry.inner is None and not entry.absent:
                _stand_in(entry)
        for name in _missing(inside, _edges_of(inside)):
            _name(inside, name)
    feeding = Feeding(report, unknown, Edges(report, unknown))
    for inside in list(_scopes(scope)):
        for entry, text in _references(inside):
            if not feeding.references.resolve(inside, text, entry.origin.place, entry):
                _name(inside, text)


def _scopes(scope: Scope) -> Iterator[Scope]:
    """A scope, and those of the instances in it."""
    pending = [scope]
    while pending:
        inside = pending.pop()
        yield inside
        pending += [entry.inner for entry in inside.entries if entry.inner is not None]


def _stand_in(entry: Entry) -> None:
    kind = entry.item.type or f"share {entry.item.share}"
    names = tuple(entry.source) if isinstance(entry.source, dict) else ("inputs",)
    entry.layer, entry.broken, entry.options = Standin.of(kind, names), False, {}
    entry.item = entry.item.model_copy(update={"share": None})
    if not entry.name:
        entry.name = entry.scope.automatic_names.next(entry.item.type or "layer")


def _tell_apart(scope: Scope) -> None:
    """Give a second entry of a name one of its own: references are to the first."""
    taken: set[str] = set()
    for entry in scope.entries:
        while entry.name in taken:
            entry.name += "'"
        taken.add(entry.name)
        if entry.inner is not None:
            entry.inner.prefix = f"{entry.full_name}."


def _name(scope: Scope, text: str) -> None:
    """Declare a name, or a path of names, for what is not there."""
    if text in scope.names:
        return
    nowhere = Origin(scope.place()._replace(path=()), scope.frames)
    named = Entry(text, True, Item(type="name"), nowhere, scope, Standin.of(text, is_name=True))
    scope.names[text] = named
    scope.entries.append(named)


def _references(scope: Scope) -> list[tuple[Entry, str]]:
    """The references of a scope's entries to what is in it; those to inputs of its block lead out of it."""
    inputs = scope.block.inputs if scope.block is not None else ()
    found: list[tuple[Entry, str]] = []
    for entry in scope.entries:
        given = list(entry.source.values()) if isinstance(entry.source, dict) else [entry.source]
        for value in given:
            texts = value if isinstance(value, list) else [value]
            found += [(entry, it) for it in texts if isinstance(it, str) and first_name(it) not in inputs]
    return found


def _edges_of(scope: Scope) -> list[str]:
    """The names at the ends of a scope's edges."""
    part: Any = scope.block if scope.block is not None else scope.unit.spec
    names: list[str] = []
    for edge in getattr(part, "edges", None) or ():
        names += edge if isinstance(edge, tuple) else (edge.from_, edge.to)
    return names


def _missing(scope: Scope, names: list[str]) -> list[str]:
    """The names among these, and among the references of its entries, that nothing in a scope has."""
    inputs = scope.block.inputs if scope.block is not None else ()
    firsts = [first_name(text) for text in [*names, *(text for _, text in _references(scope))]]
    return [
        name for name in dict.fromkeys(firsts) if name not in scope.names and name not in inputs and "$" not in name
    ]
