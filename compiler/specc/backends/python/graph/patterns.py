"""Which parts of a graph become Python functions: nested models, and instances of a block that have equal structure.

Parts of equal structure have one `Pattern`; the plain arguments in which they differ are its parameters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from specc.arguments import freeze
from specc.backends.python.graph.parts import Part, Style, tree
from specc.backends.python.writing.calls import Calls, LayerName, Model, Step, Template, Tensor, Value, leaves
from specc.backends.python.writing.text import Group, Names
from specc.ir import Ref, TypedGraph

Slot = tuple[str, Value]
"""A plain argument, and the name of the layer or instance that has it."""


@dataclass(eq=False)
class Pattern:
    """Parts of equal structure, and the function that they share if there are several."""

    number: int
    parts: list[Part] = field(default_factory=list)
    function: str = ""
    names: Names = field(default_factory=Names)
    """The names that are taken inside the function."""
    inputs: list[tuple[int, str]] = field(default_factory=list)
    """The parameters for tensors from outside, and which of a part's ``reads`` each is."""
    outputs: list[tuple[str, int]] = field(default_factory=list)
    """What the function returns: all outputs that are used of any of the parts, by the names inside a part."""
    parameters: list[str] = field(default_factory=list)
    """The parameters for plain arguments."""
    arguments: dict[Part, list[Value]] = field(default_factory=dict)
    """The values of each part for them."""
    replaced: dict[Value, str] = field(default_factory=dict)
    """The parameters by the arguments of the first part that they replace."""

    @property
    def is_function(self) -> bool:
        """Whether the parts are calls of a function; a block that is used once is written inline."""
        return self.parts[0].style == "model" or len(self.parts) > 1


class Patterns:
    """The patterns of a graph and of the models nested in it.

    ``taken`` are names that functions must not have.
    """

    def __init__(self, graph: TypedGraph, style: Style, taken: set[str]) -> None:
        self._patterns: dict[Template, Pattern] = {}
        self._of: dict[Part, Pattern] = {}
        self.root = self._graph(graph, style)
        self.functions = [pattern for pattern in self._patterns.values() if pattern.is_function]
        """The patterns that are functions, each after those that it calls."""
        names = Names(taken)
        for pattern, name in zip(self.functions, self._function_names(), strict=True):
            pattern.function = names.new(name, longest=30)
        for pattern in self.functions:
            pattern.names = Names(names.taken | {"name"})
            self._name_inputs(pattern)
            self._find_outputs(pattern)
            self._find_parameters(pattern)
        self.names = names

    def _function_names(self) -> Iterator[str]:
        """The functions' names: the block's, with what distinguishes the pattern if the block has several."""
        of_block: dict[str, list[Pattern]] = {}
        flagged: dict[tuple[str, str], set[int]] = {}
        for pattern in self.functions:
            of_block.setdefault(pattern.parts[0].block, []).append(pattern)
            for part in pattern.parts:
                for argument in part.arguments:
                    if part.arguments.get(argument) is True:
                        flagged.setdefault((part.block, argument), set()).add(pattern.number)
        for pattern in self.functions:
            first = pattern.parts[0]
            marks = [mark for mark in first.arguments if flagged.get((first.block, mark)) == {pattern.number}]
            marks = [mark for mark in marks if all(part.arguments.get(mark) is True for part in pattern.parts)]
            styles = {other.parts[0].style for other in of_block[first.block]}
            if first.style == "model" and len(styles) > 1:
                yield f"{first.block}_model"
            else:
                yield f"{first.block}_{marks[0]}" if marks and len(of_block[first.block]) > 1 else first.block

    def of(self, part: Part) -> Pattern:
        """The pattern of a part; the graph itself has none."""
        return self._of[part]

    def steps(self, part: Part) -> Iterator[Step | Part]:
        """What a part is written as: steps, and parts that are calls of functions."""
        for item in part.items:
            if isinstance(item, Part) and not self._of[item].is_function:
                yield from self.steps(item)
            else:
                yield item

    # -- Finding patterns ---------------------------------------------------------------------

    def _graph(self, graph: TypedGraph, style: Style) -> Part:
        root = tree(graph, style)
        shared = {node.shares for node in graph.nodes.values() if node.shares is not None}
        calls = Calls(shared, lambda model: self._model(graph.models[model]), style == "model")
        self._fill(root, calls)
        return root

    def _model(self, graph: TypedGraph) -> Part:
        part = self._graph(graph, "model")
        self._note(part)
        return part

    def _fill(self, part: Part, calls: Calls) -> None:
        """Make the steps of a part and of all in it, and find the patterns of these."""
        graph = part.graph
        for member in part.members:
            if isinstance(member, Part):
                self._fill(member, calls)
                self._note(member)
                part.items.append(member)
            else:
                part.items.append(calls.step(graph.nodes[member], len(graph.tensors[member])))

    def _note(self, part: Part) -> None:
        """Find the pattern of a part whose items have been processed."""
        items = tuple(self._structure(part, item) for item in part.items)
        outputs = (
            () if part.instance is not None else tuple(_local(part, output.ref) for output in part.graph.graph.outputs)
        )
        structure = (part.style, part.block, items, outputs)
        pattern = self._patterns.setdefault(structure, Pattern(len(self._patterns)))
        pattern.parts.append(part)
        self._of[part] = pattern

    def _structure(self, part: Part, item: Step | Part) -> Template:
        if isinstance(item, Part):
            reads = tuple(_local(part, ref) for ref in item.reads)
            return part.local(item.name), self._of[item].number, reads
        layer, call = (self._skeleton(part, template) for template in (item.layer, item.call))
        return part.local(item.name), part.local(item.owner), item.outputs, layer, call

    def _skeleton(self, part: Part, template: Template) -> Template:
        """A template without its plain arguments, and with names as they are inside the part."""
        if isinstance(template, Group):
            items = tuple((before, self._skeleton(part, item)) for before, item in template.items)
            return template.brackets, self._skeleton(part, template.head), items
        if isinstance(template, Tensor):
            return _local(part, template.ref)
        if isinstance(template, LayerName):
            return "name", part.local(template.name)
        if isinstance(template, Model):
            return self._of[template.part].number, self._skeleton(part, template.name)
        return None if isinstance(template, Value) else template

    # -- Parameters ---------------------------------------------------------------------------

    def _find_parameters(self, pattern: Pattern) -> None:
        """Make a parameter of each series of plain arguments that is not the same for all parts."""
        slots = [list(self._slots(part)) for part in pattern.parts]
        series: dict[tuple[str, ...], list[int]] = {}
        for index, column in enumerate(zip(*slots, strict=True)):
            texts = tuple(value.text for _, value in column)
            if len(set(texts)) > 1:
                series.setdefault(texts, []).append(index)
        wanted = [(self._name_for(pattern, slots, indices), indices) for indices in series.values()]
        for (_, name), indices in sorted(wanted, key=lambda item: item[0][0]):
            parameter = pattern.names.new(name)
            pattern.parameters.append(parameter)
            pattern.replaced |= {slots[0][index][1]: parameter for index in indices}
            for part, values in zip(pattern.parts, slots, strict=True):
                value = Value(parameter, values[indices[0]][1].value)
                pattern.arguments.setdefault(part, []).append(value)

    def _name_for(self, pattern: Pattern, slots: list[list[Slot]], indices: list[int]) -> tuple[int, str]:
        """The name of a parameter: the block's argument with these values, else the name that it has in the layers.

        With the argument's number, for the order.
        """
        first = slots[0]
        values = [part_slots[indices[0]][1].value for part_slots in slots]
        arguments = pattern.parts[0].arguments
        for number, argument in enumerate(arguments):
            known = [index for index, part in enumerate(pattern.parts) if argument in part.arguments]
            if known and all(freeze(pattern.parts[index].arguments[argument]) == values[index] for index in known):
                return number, argument
        labels = {first[index][1].label for index in indices}
        layer, value = first[indices[0]]
        several = len(indices) > 1 and len(labels) == 1 and value.label not in arguments
        return len(arguments), value.label if several else f"{layer}_{value.label}"

    def _slots(self, part: Part) -> Iterator[Slot]:
        """All plain arguments in a part, in an order determined by its structure."""
        for item in self.steps(part):
            name = part.local(item.name)
            if isinstance(item, Part):
                yield from ((name, value) for value in self._of[item].arguments.get(item, ()))
                continue
            for leaf in leaves(item.whole):
                if isinstance(leaf, Value):
                    yield name, leaf
                elif isinstance(leaf, Model):
                    yield from ((name, value) for value in self._of[leaf.part].arguments.get(leaf.part, ()))
                    if isinstance(leaf.name, Value):
                        yield name, leaf.name

    def _name_inputs(self, pattern: Pattern) -> None:
        """Name the inputs as the block does."""
        part = pattern.parts[0]
        if part.style == "list" or part.instance is None:
            return
        given = part.instance.inputs
        known = {ref: name for name, refs in given.items() for ref in refs if ref in part.reads}
        rank = {name: index for index, name in enumerate(given)}
        for ref in sorted(part.reads, key=lambda ref: rank.get(known.get(ref, ""), len(rank))):
            pattern.inputs.append((part.reads[ref], pattern.names.new(known.get(ref, "x"))))

    def _find_outputs(self, pattern: Pattern) -> None:
        first = pattern.parts[0]
        used = {(part.local(ref.node), ref.port) for part in pattern.parts for ref in part.gives}
        position = {first.local(name): index for index, name in enumerate(first.graph.nodes)}
        pattern.outputs = sorted(used, key=lambda output: (position[output[0]], output[1]))


def _local(part: Part, ref: Ref) -> Template:
    """An output as it is known inside a part: by its number if it comes from outside."""
    return (part.reads[ref],) if ref in part.reads else (part.local(ref.node), ref.port)
