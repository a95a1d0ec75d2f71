"""What the references of a scope stand for: names, members of instances, ports, inputs of blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, islice

from specc.diagnostics import Related, Report
from specc.diagnostics.suggest import MOST_HINTS, did_you_mean
from specc.diagnostics.text_safety import show
from specc.ir import Node, Ref
from specc.layers.base import Argument
from specc.passes.measure import MOST_LAYERS
from specc.passes.scopes import Copies, Entry, Scope, through
from specc.passes.values import Failed, substitute
from specc.source import Place

Refs = tuple[Ref, ...]
EdgeEnd = tuple[str, str | None, Place, Place]
"""What feeds an item by an edge: a reference, the call argument it names, and where the two ends are written."""


@dataclass(slots=True)
class Source:
    """One reference that feeds an item: what it stands for, and where it is written."""

    refs: Refs
    place: Place
    text: str = ""
    target: Place | None = None
    """Where it is written what it feeds: the key of a map, the end of an edge."""

    @property
    def end(self) -> Place:
        """Where a message about what it feeds points to."""
        return self.target or self.place


@dataclass(slots=True)
class Sources:
    """All that feeds an item: by position, and by call argument."""

    positional: list[Source]
    named: dict[str, list[Source]]


class References:
    """Resolves references; what feeds an entry is for the subclass to say, since it is references again."""

    def __init__(self, scope: Scope, report: Report) -> None:
        self.root = scope
        self.report = report
        self.nodes: dict[str, Node] = {}
        self.bound: dict[Entry, dict[str, Refs]] = {}
        self.binding: dict[Entry, None] = {}
        """What is being bound, outermost first."""
        self.edges: dict[Scope, dict[str, list[EdgeEnd]]] = {}
        self.sharing: dict[Entry, None] = {}
        """What is being shared, outermost first."""
        self.unknown = 0
        """Names reported that are none; only the first few get a hint that compares all names."""
        self.circular: set[Entry] = set()
        """What shares itself, and is reported."""

    def _bindings(self, entry: Entry) -> dict[str, Refs]:
        """The refs of each call argument (or block input) of an entry."""
        raise NotImplementedError

    def _sources(self, entry: Entry, signature: Sequence[Argument]) -> Sources:
        """What the spec says feeds an entry."""
        raise NotImplementedError

    def _share(self, entry: Entry) -> None:
        """Make an entry a further call of what it shares."""
        raise NotImplementedError

    def _circle(self, entry: Entry) -> None:
        """Report an entry that feeds itself."""
        raise NotImplementedError

    # -- References ---------------------------------------------------------------------------

    def _resolve(self, scope: Scope, text: str, place: Place, user: Entry | None) -> Refs:
        """What a reference stands for in a scope; empty, and reported, where that is nothing."""
        target = scope.names.get(text)
        if target is not None:
            return self._bare(target, place, user)
        first, *steps = text.split(".")
        if scope.block is not None and first in scope.block.inputs:
            if steps:
                self._error(
                    "unknown-port",
                    f"'{first}' is an input of the block and has no outputs by name",
                    place,
                    user,
                    f"write '{first}'",
                )
                return ()
            return self._block_input(scope, first, place, user)
        target = scope.names.get(first)
        if target is None:
            self._unknown_name(scope, first, place, user)
            return ()
        for position, step in enumerate(steps):
            if isinstance(target, Copies):
                if not target.in_chain:
                    names = ", ".join(f"'{copy.name}.{'.'.join(steps[position:])}'" for copy in target.entries[:4])
                    message = f"'{target.name}' stands for {len(target.entries)} copies, each with a '{step}'"
                    self._error(
                        "ambiguous-name",
                        f"{user.who}: {message}" if user is not None else message,
                        place,
                        user,
                        f"name one of them: {names}",
                        [Related("the copies", target.entries[0].origin.place)],
                    )
                    return ()
                target = target.entries[-1]
            if target.absent:
                return self._passed(target, place, user)
            if target.inner is None:
                return self._port(target, steps[position:], place, user)
            inside = target.inner
            ports = inside.block.ports if inside.block is not None else {}
            if step in ports or (step.isdigit() and step not in inside.names):
                return self._instance_port(target, step, steps[position + 1 :], place, user)
            found = inside.names.get(step)
            if found is None:
                self._unknown_member(target, step, place, user)
                return ()
            target = found
        return self._bare(target, place, user)

    def _target(self, scope: Scope, text: str, place: Place, user: Entry) -> Entry | Copies | None:
        """The item that a path of names leads to: what ``share`` names."""
        target: Entry | Copies | None = None
        names = scope.names
        for step in text.split("."):
            if isinstance(target, Copies) and target.in_chain:
                target = target.entries[-1]
            if isinstance(target, Entry) and target.inner is not None:
                names = target.inner.names
            elif target is not None:
                names = {}
            found = names.get(step)
            if found is None:
                if target is None:
                    self._unknown_name(scope, step, place, user)
                else:
                    self._error(
                        "unknown-name",
                        f"'{target.name}' has no member {show(step)}",
                        place,
                        user,
                        did_you_mean(step, names),
                    )
                return None
            if isinstance(found, Entry) and found.item.share is not None and not found.absent:
                self._share(found)
            target = found
        return target

    def _bare(self, target: Entry | Copies, place: Place, user: Entry | None) -> Refs:
        """What a name alone stands for: the first output; of copies side by side, those of all."""
        if isinstance(target, Copies):
            if target.in_chain:
                return self._bare(target.entries[-1], place, user)
            found: list[Ref] = []
            for entry in target.entries:
                found += self._bare(entry, place, user)
                if len(found) > MOST_LAYERS:  # absent copies that pass on all of other copies, and so on
                    self._error(
                        "too-large",
                        f"'{target.name}' stands for more than {MOST_LAYERS:,} layers",
                        place,
                        user,
                        "let 'else' name one layer",
                    )
                    return ()
            return tuple(found)
        if target.absent:
            return self._passed(target, place, user)
        if target.inner is not None:
            return self._instance_port(target, "0", [], place, user)
        return (Ref(target.full_name),) if target.layer is not None else ()

    def _passed(self, target: Entry, place: Place, user: Entry | None) -> Refs:
        """What an absent item passes on: its ``else``, or its first input."""
        if target in self.bound:
            return self.bound[target][""]
        if target in self.binding:
            self._circle(target)
            return ()
        self.binding[target] = None
        listed: list[Source] = []
        if target.otherwise is not None:
            refs = self._resolve(target.scope, target.otherwise, target.origin.at("else"), target)
        elif target.chained is not None:
            refs = self._bare(target.chained, place, user)
        else:
            sources = self._sources(target, (Argument(""),))
            listed = sources.positional or [source for given in sources.named.values() for source in given]
            refs = listed[0].refs[:1] if listed else ()
        self.binding.popitem()
        self.bound[target] = {"": refs}
        if not listed and target.otherwise is None and target.chained is None:
            self._error(
                "unknown-name",
                f"'{target.name}' is absent here ('when' is false) and has no input to pass on",
                place,
                user,
                "add 'else', a reference that stands in for it",
            )
        return refs

    def _port(self, target: Entry, steps: list[str], place: Place, user: Entry | None) -> Refs:
        layer = target.layer
        if layer is None:
            return ()
        port = steps[0]
        if port in layer.port_options:
            target.options[layer.port_options[port]] = True
        ports = layer.ports(target.options)
        if len(steps) == 1 and port in ports:
            return (Ref(target.full_name, ports.index(port)),)
        if len(steps) == 1 and port.isdigit() and int(port[:6]) < len(ports):
            return (Ref(target.full_name, int(port)),)
        switched = layer.switched_ports()
        if port in switched:
            help = f"set {switched[port]} on '{target.name}'"
        else:
            available = [*ports, *layer.port_options]
            nested = (
                " (it is one layer: the members of a nested model cannot be reached)" if hasattr(layer, "graph") else ""
            )
            help = (did_you_mean(port, available) or f"outputs: {', '.join(available)}") + nested
        self._error(
            "unknown-port",
            f"{target.who} has no output {show('.'.join(steps))}",
            place,
            user,
            help,
            [Related("the layer", target.origin.place)],
        )
        return ()

    def _instance_port(self, target: Entry, port: str, rest: list[str], place: Place, user: Entry | None) -> Refs:
        inside = target.inner
        assert inside is not None
        assert inside.block is not None
        ports = inside.block.ports
        names = list(ports)
        if port not in ports:
            if not port.isdigit() or int(port[:6]) >= len(names):
                self._unknown_member(target, port, place, user)
                return ()
            port = names[int(port)]
        where = inside.place("outputs", port if isinstance(inside.block.outputs, dict) else names.index(port))
        reference = ".".join([self._text(inside, ports[port], where), *rest])
        return self._resolve(inside, reference, where, target)

    def _block_input(self, scope: Scope, name: str, place: Place, user: Entry | None) -> Refs:
        """What stands for a block's input: what its instance is given; in a nested model, its own Input."""
        if scope.instance is None:
            return (Ref(name),)
        refs = self._bindings(scope.instance).get(name)
        if refs is None:
            if not self.report.failed:
                self._error(
                    "missing-input",
                    f"{scope.instance.who} has nothing for its input '{name}'",
                    scope.instance.origin.place,
                    scope.instance,
                    f"add it to 'from': {{{name}: ...}}",
                )
            return ()
        return refs

    def _text(self, scope: Scope, text: str, place: Place) -> str:
        """A reference that belongs to a scope and to no item of it, its values put in."""
        if "$" not in text:
            return text
        try:
            return str(substitute(text, scope.values, place, scope.frames, self.report))
        except Failed:
            return ""

    # -- Reporting ----------------------------------------------------------------------------

    def _unknown_name(self, scope: Scope, name: str, place: Place, user: Entry | None) -> None:
        copied = scope.names.get(name.rpartition("_")[0])
        if isinstance(copied, Entry) and copied.broken:  # how many copies it has may be what is not known
            return
        if name in scope.automatic:
            help = f"'{name}' is an automatic name; give the layer the name itself to refer to it"
            related = [Related("this layer", scope.automatic[name].origin.place)]
        else:
            self.unknown += 1
            known = list(
                islice(
                    chain(scope.names, scope.block.inputs if scope.block is not None else ()),
                    None if self.unknown <= MOST_HINTS else 11,
                )
            )
            listed = (
                f"names here: {', '.join(known[:10])}{', ...' if len(known) > 10 else ''}"
                if known
                else "no layer here has a name yet: give one a 'name'"
            )
            help = did_you_mean(name, known) or listed
            if isinstance(copied, Copies):
                last = len(copied.entries)
                help = f"'{copied.name}' has {last} {'copy' if last == 1 else 'copies'}, '{copied.name}_1' to '{copied.name}_{last}'"
            related = []
        message = f"there is no layer {show(name)}"
        self._error(
            "unknown-name", f"{user.who}: {message}" if user is not None else message, place, user, help, related
        )

    def _unknown_member(self, target: Entry, step: str, place: Place, user: Entry | None) -> None:
        inside = target.inner
        assert inside is not None
        known = [*(inside.block.ports if inside.block is not None else ()), *inside.names]
        known = list(dict.fromkeys(known))
        help = did_you_mean(step, known) or f"it has {', '.join(known[:10])}"
        self._error(
            "unknown-port",
            f"{target.who} has no output or member {show(step)}",
            place,
            user,
            help,
            [Related("the instance", target.origin.place)],
        )

    def _error(
        self,
        code: str,
        message: str,
        place: Place,
        user: Entry | None,
        help: str | None = None,
        related: Sequence[Related] = (),
    ) -> None:
        frames = user.origin.frames if user is not None else ()
        self.report.error(code, message, place, help=help, related=[*related, *through(frames)])
