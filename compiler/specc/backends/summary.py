"""TypedGraph to its summary: a table for a person, one JSON object for a program."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from math import prod
from typing import Any

from specc.backends.configuration import configuration, reference, training
from specc.diagnostics.columns import width, wrap
from specc.diagnostics.text_safety import printable, printable_lines
from specc.ir import NestedModel, Node, Ref, TypedGraph
from specc.shapes import Tensor, show_shape
from specc.words import count_of, memory

_Row = tuple[str, str, str, str, str]
"""A row of the table: name, type, output shapes, parameters, inputs."""


def as_dict(graph: TypedGraph) -> dict[str, Any]:
    """The summary as data, shapes as lists with None for unknown; see docs/ for its form."""
    return {
        "file": graph.graph.origin.place.file,
        "name": graph.name,
        "description": graph.graph.description,
        "vars": {name: var._asdict() for name, var in graph.graph.vars.items()},
        "blocks": dict(_blocks(graph)),
        "form": graph.form,
        "inputs": [_port(name, graph.tensor(Ref(name))) for name in graph.graph.inputs],
        "outputs": [
            {**_port(output.name, graph.tensor(output.ref)), "from": reference(graph, output.ref)}
            for output in graph.graph.outputs
        ],
        "outputs_form": graph.graph.outputs_form,
        "params": graph.params,
        "trainable_params": graph.trainable_params,
        "dtype_policy": graph.graph.dtype_policy,
        "compile": training(graph),
        "layers": [_layer(graph, node) for node in graph.nodes.values()],
    }


def as_json(graph: TypedGraph) -> str:
    """`as_dict` on one line, in ASCII."""
    return json.dumps(as_dict(graph))


def one_line(graph: TypedGraph) -> str:
    """The graph in a line: what ``specc check`` prints for a valid spec."""
    inputs = ", ".join(f"{printable(name)} {show_shape(graph.tensor(Ref(name)).shape)}" for name in graph.graph.inputs)
    outputs = ", ".join(f"{printable(o.name)} {show_shape(graph.tensor(o.ref).shape)}" for o in graph.graph.outputs)
    counts = f"{count_of(graph.layer_count, 'layer')}, {count_of(graph.params, 'parameter')}"
    return f"{graph.form.capitalize()}, {inputs} -> {outputs}, {counts}"


_HEAD = ("layer", "type", "output shape", "parameters", "from")
_GAP = "  "


def as_text(graph: TypedGraph, expand: bool = False, columns: int | None = None) -> str:
    """The table of layers, with the totals below; block instances and nested models folded unless ``expand``.

    If it is wider than that many ``columns``, a layer's type and inputs are below its name.
    """
    rows = [_HEAD, *_rows(graph, expand)]
    if graph.form == "sequential":  # each row takes the one above it, so that is not shown
        rows = [(*row[:4], "") for row in rows]
    table = _laid_out(rows)
    if columns is not None and max(map(width, table)) > columns:
        table = _narrow(rows, columns)
    frozen = graph.params - graph.trainable_params
    totals = [
        f"parameters: {graph.params:,} ({memory(graph.memory)})",
        f"trainable: {graph.trainable_params:,}, not trainable: {frozen:,}",
    ]
    says = printable_lines(graph.graph.description or "")
    if columns is not None:
        says = [wrap(line, columns, 0, 0) for line in says]
    return "\n".join([f"{printable(graph.name)}: {graph.form}", *says, "", *table, "", *totals])


def _narrow(rows: list[_Row], columns: int) -> list[str]:
    """The lines of a table with type and inputs below a layer's name, and a name that is too long above the rest."""
    shape_width = max(width(line) for row in rows for line in row[2].split("\n"))
    params_width = max(width(row[3]) for row in rows)
    room = columns - 2 - shape_width - params_width - 2 * len(_GAP)
    name_width = max(width(row[0]) for row in rows if width(row[0]) <= max(room, len(_HEAD[0])))
    lines = []
    for name, kind, shapes, params, sources in rows:
        long = width(name) > name_width
        if long:
            lines.append(f" {name}")
        for index, shape in enumerate(shapes.split("\n")):
            shown, count = ("" if long or index else name), ("" if index else params)
            pads = " " * (name_width - width(shown)), " " * (shape_width - width(shape) + params_width - width(count))
            lines.append(f" {shown}{pads[0]}{_GAP}{shape}{_GAP}{pads[1]}{count}".rstrip())
        if params is _HEAD[3]:
            lines.append(" " + "─" * (name_width + shape_width + params_width + 2 * len(_GAP)))
        else:
            indent = len(name) - len(name.lstrip()) + 3
            said = f"{kind} from {sources}" if sources else kind
            lines.append(" " * indent + wrap(said, columns, indent, indent))
    return lines


def _laid_out(rows: list[_Row]) -> list[str]:
    """The lines of a table, a rule below its head; an empty column is omitted."""
    cells = [[cell.split("\n") for cell in row] for row in rows]
    widths = [max(width(line) for row in cells for line in row[index]) for index in range(len(_HEAD))]
    lines = []
    for row in cells:
        for index in range(max(map(len, row))):
            line = ""
            for position, (cell, wide) in enumerate(zip(row, widths, strict=True)):
                text = cell[index] if index < len(cell) else ""
                pad = " " * (wide - width(text))
                line += "" if not wide else _GAP + (pad + text if _HEAD[position] == "parameters" else text + pad)
            lines.append(line.rstrip()[1:])
        if row is cells[0]:
            lines.append(" " + "─" * (sum(widths) + len(_GAP) * (sum(map(bool, widths)) - 1)))
    return lines


def _rows(graph: TypedGraph, expand: bool, indent: str = "") -> list[_Row]:
    rows: list[_Row] = []
    folded: dict[str, list[Node]] = {}
    for node in graph.nodes.values():
        if (instance := _instance(graph, node)) != node.name:  # an output's Identity has the name of an instance, too
            folded.setdefault(instance, []).append(node)
    leaving: dict[str, list[Ref]] = {}
    """The outputs of each instance, as the layers outside take them."""
    for node in () if expand else graph.nodes.values():
        for ref in node.refs():
            if (giver := _instance(graph, graph.nodes[ref.node])) != _instance(graph, node):
                leaving.setdefault(giver, []).append(ref)
    for output in graph.graph.outputs:
        leaving.setdefault(_instance(graph, graph.nodes[output.ref.node]), []).append(output.ref)
    for node in graph.nodes.values():
        instance = _instance(graph, node)
        if not expand and instance != node.name:
            if folded[instance][0] is node:
                rows.append(_folded(graph, instance, folded[instance], leaving.get(instance, []), indent))
            continue
        rows.append(_row(graph, node, indent, expand))
        if expand and isinstance(node.layer, NestedModel) and node.shares is None:
            rows += _rows(graph.models[node.layer], expand, f"{indent}  ")
    return rows


def _row(graph: TypedGraph, node: Node, indent: str, expand: bool) -> _Row:
    shapes = "\n".join(_shape(tensor) for tensor in graph.tensors[node.name])
    params = f"{graph.node_params(node.name):,}" if node.shares is None else f"shares {printable(node.shares)}"
    return (
        f"{indent}{printable(node.name)}",
        printable(node.type),
        shapes,
        params,
        printable(", ".join(_sources(graph, node, expand))),
    )


def _folded(graph: TypedGraph, instance: str, members: list[Node], left: list[Ref], indent: str) -> _Row:
    """A block instance in one row: the shapes that leave it (``left``), the parameters of all its members."""
    inside = {node.name for node in members}
    shapes = "\n".join(_shape(graph.tensor(ref)) for ref in dict.fromkeys(left))
    sources = dict.fromkeys(name for node in members for ref in node.refs() if (name := ref.node) not in inside)
    params = sum(graph.node_params(node.name) for node in members)
    label = f"{graph.graph.instances[instance].block} ({count_of(len(members), 'layer')})"
    return (
        f"{indent}{printable(instance)}",
        printable(label),
        shapes,
        f"{params:,}",
        printable(", ".join(dict.fromkeys(_instance(graph, graph.nodes[name]) for name in sources))),
    )


def _instance(graph: TypedGraph, node: Node) -> str:
    """The outermost block instance that a node is a member of, or the node itself."""
    return graph.graph.way_to(node)[0].name


def _sources(graph: TypedGraph, node: Node, expand: bool) -> list[str]:
    """What a node reads, as references; members of a folded instance under the instance's name."""
    shown = []
    for ref in node.refs():
        source = graph.nodes[ref.node]
        if not expand and (instance := _instance(graph, source)) != source.name:
            shown.append(instance)
        else:
            shown.append(reference(graph, ref))
    return shown


def _shape(tensor: Tensor) -> str:
    return show_shape(tensor.shape) if tensor.dtype == "float32" else f"{show_shape(tensor.shape)} {tensor.dtype}"


def _port(name: str, tensor: Tensor) -> dict[str, Any]:
    return {"name": name, "shape": list(tensor.shape), "dtype": tensor.dtype}


def _layer(graph: TypedGraph, node: Node) -> dict[str, Any]:
    def inside(model: NestedModel) -> dict[str, Any]:
        return _inside(graph.models[model])

    outputs = graph.tensors[node.name]
    weights = graph.weights[node.name]
    one = len(outputs) == 1
    entry: dict[str, Any] = {
        "name": node.name,
        "type": node.type,
        "inputs": [reference(graph, ref) for ref in node.refs()],
        "from": {
            argument: reference(graph, ref) if isinstance(ref, Ref) else [reference(graph, each) for each in ref]
            for argument, ref in node.inputs.items()
        },
        "call": node.options,
        "arguments": configuration(node.layer, graph.graph.dtype_policy, inside) if node.shares is None else {},
        "output_shape": list(outputs[0].shape) if one else [list(tensor.shape) for tensor in outputs],
        "output_dtype": outputs[0].dtype if one else [tensor.dtype for tensor in outputs],
        "params": graph.node_params(node.name),
        "trainable_params": sum(prod(weight.shape) for weight in weights if weight.trainable),
        "weights": [
            {"name": weight.name.rsplit("/", 1)[-1], "shape": list(weight.shape), "trainable": weight.trainable}
            for weight in weights
        ],
    }
    if node.description:
        entry["description"] = node.description
    if node.shares is not None:
        entry["shares"] = node.shares
    elif isinstance(node.layer, NestedModel):
        entry |= inside(node.layer)
    return entry


def _blocks(graph: TypedGraph) -> Iterator[tuple[str, dict[str, Any]]]:
    """What the spec says of the blocks that it uses, and of their arguments."""
    for instance in graph.graph.instances.values():
        yield instance.block, _about(instance.block_description, instance.argument_descriptions, instance.arguments)
    for model in graph.models.values():
        inside = model.graph
        if inside.block is not None:
            yield inside.block, _about(inside.description, inside.argument_descriptions, inside.arguments)
        yield from _blocks(model)


def _about(description: str | None, arguments: Mapping[str, str], given: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": description, "arguments": {name: arguments.get(name) for name in given}}


def _inside(graph: TypedGraph) -> dict[str, Any]:
    """The contents of a nested model: its own layers, and which of them give its outputs."""
    return {
        "layers": [_layer(graph, node) for node in graph.nodes.values()],
        "outputs": {output.name: reference(graph, output.ref) for output in graph.graph.outputs},
    }
