"""Objects of Keras that are values of a spec: arguments of blocks and their defaults, values of copies.

A map becomes an object where a layer takes it; so what it is depends on the argument that it is for, through blocks too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Annotated, Any, Protocol

from pydantic import TypeAdapter, ValidationError

from specc.arguments import Arguments
from specc.backends.python.program.function import Function, WrittenCalls, filled
from specc.backends.python.reading.expressions import Symbols, holds_map, value_of
from specc.backends.python.reading.facts import lists_of
from specc.backends.python.reading.items import Part
from specc.backends.python.writing.text import Expression
from specc.calls import Callee
from specc.diagnostics.problem import ProblemsError
from specc.ir import TypedGraph
from specc.source import Path

Parse = Callable[[Any], Any]
"""What becomes of a value of the spec where it is taken: an object of Keras, a list with objects in it, or itself."""


class Blocks(Protocol):
    """The functions of the blocks that items are."""

    def of(self, caller: Function, part: Part) -> Function:
        """The function of the block of an instance or nested model."""


def taker(blocks: Blocks, function: Function, name: str) -> Parse | None:
    """What becomes of an argument of a block, which its function has as ``name``; None if no layer takes it."""
    found = (taker_at(blocks, function, part, path) for part, path in uses(function, name))
    return next((it for it in found if it is not None), None)


def cloned(blocks: Blocks, function: Function, name: str, value: Any) -> bool:
    """Whether each use of a value gets a clone: it may be an object like ``value``, and several would share it.

    One initializer draws the same numbers for each weight, and one layer would have several owners.
    """
    found = list(uses(function, name))
    if len(found) == 1 and found[0][0].copies == "one":
        return False
    parse = taker(blocks, function, name)
    made = None if parse is None else _made(parse, value)
    return isinstance(made, Callee) or (isinstance(made, Arguments) and "seed" in made.argument_fields())


def uses(function: Function, name: str) -> Iterator[tuple[Part, Path]]:
    """Where a value stands alone: in the arguments of a part, or in the lists of what its copies have."""
    for part in function.scope.parts:
        if part.absent:
            continue
        given = {**function.defaults.get(part.item.type or "", {}), **part.item.arguments}
        if name not in lists_of(part.item):
            yield from ((part, path) for path in _paths(given, name))
        yield from ((part, ("each", *path)) for path in _paths(lists_of(part.item), name))


def declare(
    blocks: Blocks, function: Function, values: Mapping[str, Any], objects: Mapping[tuple[str, str], Any]
) -> None:
    """Find the defaults of a function that are objects, and the values that are cloned where they are used.

    ``values`` are those that its block has somewhere in the graph; ``objects`` are maps that instances are given, by the
    names of the block and the argument.
    """
    assert function.definition is not None
    for name in function.parameters:
        default = function.definition.block.args[name]
        made = objects.get((function.definition.name, name))
        if made is not None and cloned(blocks, function, name, made):
            function.symbols.around.cloned.add(name)
        if holds_map(default):
            part, parse = function.scope.parts[0], taker(blocks, function, name)
            given = as_objects(parse, value_of(default, values), default, part, function.symbols, values)
            if given is not None:
                function.objects[name] = given


def given_to_instances(graphs: Iterable[TypedGraph]) -> dict[tuple[str, str], Any]:
    """Maps that instances of blocks are given, by the names of the block and the argument."""
    found: dict[tuple[str, str], Any] = {}
    for graph in graphs:
        instances = [(it.block, it.arguments) for it in graph.graph.instances.values()]
        for block, arguments in [*instances, (graph.graph.block or "", graph.graph.arguments)]:
            found |= {(block, name): value for name, value in arguments.items() if holds_map(value)}
    return found


def _paths(data: Any, name: str) -> Iterator[Path]:
    """Where some data is a value and nothing else."""
    if isinstance(data, str):
        if data in (f"${name}", f"$({name})"):
            yield ()
        return
    parts = data.items() if isinstance(data, Mapping) else enumerate(data) if isinstance(data, list | tuple) else ()
    for key, part in parts:
        yield from ((key, *path) for path in _paths(part, name))


def taker_at(blocks: Blocks, function: Function, part: Part, path: Path) -> Parse | None:
    """What becomes of a value at a place in the arguments of a part, or in the lists of what its copies have."""
    first, *rest = path
    if first == "each":
        name, *index = rest
        each = (taker_at(blocks, function, part, it) for it in _paths(part.item.arguments, str(name)))
        found = next((it for it in each if it is not None), None)
        return found if found is None or index else partial(_each, found)
    if part.kind in ("instance", "model"):
        given = part.given.get(str(first))
        found = taker(blocks, blocks.of(function, part), str(first))
        return found if found is None or not rest else _of_field(found(given), rest)
    return None if part.callee is None else _of_field(part.callee, path)


def _each(parse: Parse, values: Any) -> Any:
    return tuple(map(parse, values))


def _of_field(owner: Any, path: Any) -> Parse | None:
    """What becomes of a value at a place in the arguments of an object."""
    *steps, last = path
    for step in steps:
        owner = getattr(owner, step, None) if isinstance(step, str) else owner[step]
    field = owner.argument_fields().get(last) if isinstance(owner, Arguments) else None
    if field is None:
        return None
    metadata = tuple(field.metadata)
    annotation: Any = Annotated[(field.annotation, *metadata)] if metadata else field.annotation
    return TypeAdapter(annotation).validate_python


def as_objects(
    parse: Parse | None, value: Any, given: Any, part: Part, symbols: Symbols, values: Mapping[str, Any]
) -> Expression | None:
    """A value of the spec as the objects that it becomes; None if there are none in it.

    ``given`` is what the spec has for it, which is ``value`` somewhere in the graph, where others have ``values``.
    """
    made = None if parse is None else _made(parse, value)
    is_cloned = isinstance(given, str) and given.strip("$()") in symbols.around.cloned
    if not is_cloned and not _has_objects(made):
        return None
    calls = WrittenCalls(replace(part, values=values), symbols)
    return filled(calls.template("", made, given), symbols.around.used)


def _made(parse: Parse, value: Any) -> Any:
    try:
        return parse(value) if isinstance(value, str | dict | list | tuple) else None
    except (ProblemsError, ValidationError):
        return None


def _has_objects(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(map(_has_objects, value))
    return isinstance(value, Arguments)
