"""A flat spec as a person would have written it: what repeats becomes blocks, with arguments for what differs.

What folding keeps: every layer with its arguments, the wiring, the shapes, the order of the inputs and the outputs, the names of
inputs, of outputs, and of every layer that stays in the list of the model. So the model has the same layers in
the same order, since Keras orders them by the wiring alone, and weights that are loaded by order fit.
What it changes: the names of the layers in blocks and in chains (``conv2_block1.add``, ``fc_1``), and the order of the items.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from specc.importing.fold.bodies import Body
from specc.importing.fold.joins import absorb, extend, group, inline
from specc.importing.fold.reading import NotFlatError, read_body
from specc.importing.fold.regions import Search, make_block, put
from specc.importing.fold.runs import equal, join_runs, listed, progressing
from specc.importing.fold.writing import Writer

__all__ = ["fold"]


def fold(spec: dict[str, Any]) -> dict[str, Any]:
    """A flat spec with its repeats as blocks; one that is not flat is given back as it is."""
    try:
        own = {name: read_body(block, True) for name, block in spec.get("blocks", {}).items()}
        model = read_body(spec, False)
    except NotFlatError:
        return spec
    fixed = [*own.values(), model]
    shared = {id(node.block): node.block for body in fixed for node in body.nodes if node.block is not None}
    bodies = [*fixed, *shared.values()]
    _fold(bodies)
    writer = Writer([*own])
    for body in _blocks(bodies):
        calls = [call for other in bodies for node in other.nodes if node.block is body for call in node.calls()]
        writer.block(body, [call.name for call in calls])
    written = {
        name: {**block, "layers": writer.items(own[name], writer.top_names(own[name]))}
        for name, block in spec.get("blocks", {}).items()
    }
    found: dict[str, Any] = {}
    for key, value in spec.items():
        if key == "layers" and "blocks" not in spec and writer.blocks:
            found["blocks"] = writer.blocks
        found[key] = value
    if "blocks" in spec:
        found["blocks"] = writer.blocks | written
    found["layers"] = writer.items(model, writer.top_names(model))
    return found


def _fold(bodies: list[Body]) -> None:
    """Make blocks until nothing is saved."""
    while True:
        join_runs(bodies, equal)
        region = Search(bodies).best()
        if region is not None:
            block: Body | None = make_block(region)
            assert block is not None
            put(region, block)
            bodies.append(block)
            while block is not None:
                _changed(bodies)
                absorb(block, bodies)
                block = group(block, bodies) or extend(block, bodies)
            while inline(bodies):
                pass
        elif not (
            inline(bodies) or join_runs(bodies, progressing) or join_runs([it for it in bodies if it.rows == 1], listed)
        ):
            return
        _changed(bodies)


def _changed(bodies: list[Body]) -> None:
    """Forget what was made of bodies as they were."""
    for body in bodies:
        body.derived = None


def _blocks(bodies: list[Body]) -> Iterator[Body]:
    """The blocks, each after those that it uses."""
    done: set[int] = set()

    def visit(body: Body) -> Iterator[Body]:
        for node in body.nodes:
            if node.block is not None and id(node.block) not in done:
                yield from visit(node.block)
        if id(body) not in done and not body.is_fixed:
            done.add(id(body))
            yield body

    for body in bodies:
        yield from visit(body)
