"""Bodies as the lists of a spec."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from specc.automatic_names import snake_case
from specc.importing.fold.bodies import Body, Node, Ref
from specc.importing.fold.columns import derived
from specc.importing.fold.names import block_name, chain_name, member_names, needed_names, numbered


class Writer:
    """Writes bodies; blocks in the order in which they need each other."""

    def __init__(self, taken: Sequence[str]) -> None:
        self.blocks: dict[str, Any] = {}
        self._taken = list(taken)
        self._names: dict[int, str] = {}
        self._inputs: dict[int, list[str]] = {}
        self._outputs: dict[int, list[str]] = {}

    def block(self, body: Body, names: Sequence[str]) -> None:
        """Write a block, whose instances have these names."""
        name = block_name(body, names, self._taken)
        self._taken.append(name)
        self._names[id(body)] = name
        self._inputs[id(body)] = _input_names(body)
        members = self._members(body, self._inputs[id(body)])
        found = derived(body)
        block: dict[str, Any] = {}
        if found.arguments:
            block["args"] = {it.name: it.default for it in found.arguments}
        block["inputs"] = self._inputs[id(body)]
        block["layers"] = self.items(body, members)
        block["outputs"] = self._block_outputs(body, members)
        self.blocks[name] = block

    def _members(self, body: Body, taken: Sequence[str]) -> dict[Node, str]:
        """The names of a block's items."""
        found: dict[Node, str] = {}
        for node, name in member_names(body).items():
            if name not in taken and not _clashes(node, name, found):
                found[node] = name
        return self._completed(body, found, taken)

    def top_names(self, body: Body) -> dict[Node, str]:
        """The names of a model's own items."""
        found = {node: node.cells[0][0].name for node in body.nodes if node.alone and node.cells[0][0].name}
        for node in body.nodes:
            name = chain_name([call.name for call in node.cells[0]])
            if name and not node.alone and not _clashes(node, name, found):
                found[node] = name
        return self._completed(body, found, body.names)

    def _completed(self, body: Body, found: dict[Node, str], taken: Sequence[str]) -> dict[Node, str]:
        """Names with those that are needed, but which nobody gave."""
        needed = needed_names(body, derived(body).wiring)
        for node in body.nodes:
            if node in needed and node not in found:
                base = snake_case(node.type) if node.block is None else self._names[id(node.block)]
                name, count = base, 1
                while name in taken or _clashes(node, name, found):
                    count += 1
                    name = f"{base}_{numbered(count)}"
                found[node] = name
        return found

    def _block_outputs(self, body: Body, members: dict[Node, str]) -> Any:
        inputs = self._inputs[id(body)]
        handed = {output: inputs[number] for number, output in body.handed.items()}
        texts = [self.text(ref, members, inputs) for ref in derived(body).wiring.outputs]
        names: list[str] = []
        for number, text in enumerate(texts):
            name = handed.get(number) or text.partition("[")[0].replace(".", "_")
            while name in names or (number not in handed and name in handed.values()):
                name += "_"
            names.append(name)
        self._outputs[id(body)] = names
        return texts if names == texts else dict(zip(names, texts, strict=True))

    # -- Items --------------------------------------------------------------------------------

    def items(self, body: Body, names: dict[Node, str]) -> list[Any]:
        """The items of a body."""
        inputs = body.names or self._inputs.get(id(body), [])
        found = []
        before: Ref | None = Ref(0) if body.inputs == 1 else None
        for node in body.nodes:
            found.append(self._item(body, node, names, inputs, before))
            before = Ref(node)
        return found

    def _item(self, body: Body, node: Node, names: dict[Node, str], inputs: Sequence[str], before: Ref | None) -> Any:
        written = derived(body).items[node]
        item: dict[str, Any] = {}
        if "share" not in node.fixed:
            item["type"] = node.type if node.block is None else self._names[id(node.block)]
        else:
            item["share"] = node.fixed["share"]
        if node in names:
            item["name"] = names[node]
        item |= self._given(node, written.arguments)
        if written.repeat is not None:
            item["repeat"] = written.repeat
        item |= {key: value for key, value in node.fixed.items() if key not in ("share", "call")}
        taken = derived(body).wiring.inputs[node]
        if (node.form != "one" or taken[0] != before) and (node.form != 0 or "from" in node.fixed):
            item["from"] = self._from(node, taken, names, inputs)
        if "call" in node.fixed:
            item["call"] = node.fixed["call"]
        if written.when is not None:
            item["when"] = written.when
        if (otherwise := derived(body).wiring.otherwise.get(node)) is not None:
            item["else"] = self.text(otherwise, names, inputs)
        return item["type"] if item.keys() == {"type"} else item

    def _given(self, node: Node, arguments: dict[str, Any]) -> dict[str, Any]:
        """The arguments of an item, without those of a block that have their defaults."""
        if node.block is None:
            return arguments
        defaults = {it.name: it.default for it in derived(node.block).arguments}
        return {key: value for key, value in arguments.items() if value is None or value != defaults[key]}

    def _from(self, node: Node, taken: Sequence[Ref], names: dict[Node, str], inputs: Sequence[str]) -> Any:
        texts = [self.text(ref, names, inputs) for ref in taken]
        if node.form == "one":
            return texts[0]
        if isinstance(node.form, int):
            return texts
        found: dict[str, Any] = {}
        for key, count in node.form:
            found[key] = texts.pop(0) if count is None else [texts.pop(0) for _ in range(count)]
        return found

    def text(self, ref: Ref, names: dict[Node, str], inputs: Sequence[str]) -> str:
        """A reference as it is written."""
        if isinstance(ref.node, int):
            text = inputs[ref.node]
        else:
            text = names[ref.node]
            if ref.copy >= 0:
                text += f"[{ref.copy}]"
        if ref.port is None:
            return text
        port = ref.port
        if isinstance(port, int):
            assert isinstance(ref.node, Node)
            port = self._outputs[id(ref.node.block)][port]
        return f"{text}.{port}"


def _clashes(node: Node, name: str, names: dict[Node, str]) -> bool:
    """Whether a name is taken, or is that of a copy."""
    for other, taken in names.items():
        for short, long, repeated in ((name, taken, node), (taken, name, other)):
            if short == long:
                return True
            if (
                long.startswith(f"{short}_")
                and long[len(short) + 1 :].isdecimal()
                and any(len(it) > 1 for it in repeated.cells)
            ):
                return True
    return False


def _input_names(body: Body) -> list[str]:
    """Names for what goes into a block."""
    found = ["x"]
    for number in range(1, body.inputs):
        base = "before" if number in body.handed else "skip"
        name, count = base, 1
        while name in found:
            count += 1
            name = f"{base}_{count}"
        found.append(name)
    return found[: body.inputs]
