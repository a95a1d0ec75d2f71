"""What the references of a scope refer to: names, members of instances, ports, inputs of blocks."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Protocol

from specc.diagnostics import Related
from specc.diagnostics.suggest import did_you_mean
from specc.diagnostics.text_safety import quote_value
from specc.frontend.reference_syntax import ALL, first_name, has_numbers
from specc.ir import NestedModel, Ref
from specc.passes.expansion.scopes import Copies, Entry, Scope
from specc.passes.values import Failed
from specc.passes.wiring.copy_numbers import CopyNumbers
from specc.passes.wiring.report import WiringReport
from specc.passes.wiring.unknown import UnknownNames
from specc.source import Place
from specc.words import count_of

Refs = tuple[Ref, ...]


class Feeds(Protocol):
    """What feeds the entries: references again, which are resolved in turn."""

    def bindings(self, entry: Entry) -> dict[str, Refs]:
        """The refs of each call argument (or block input) of an entry."""

    def passed_on(self, entry: Entry, place: Place, user: Entry | None, port: str | None = None) -> Refs:
        """What an absent entry passes on to its ``user``, which refers to it, or to an output of it, at the place."""


def _both(instance: Entry) -> str:
    """A help for an instance of a block that does not get all of its inputs."""
    assert instance.inner is not None
    assert instance.inner.block is not None
    written = f"write from: {{{', '.join(f'{name}: ...' for name in instance.inner.block.inputs)}}}"
    if instance.source is None and instance.previous is not None:
        return f"it takes only '{instance.previous.name}', the item directly above it: {written}"
    return written


class References:
    """Resolves references, and reports those that refer to nothing."""

    def __init__(self, report: WiringReport, unknown: UnknownNames, feeds: Feeds) -> None:
        self.report = report
        self.unknown = unknown
        self._feeds = feeds
        self.copies = CopyNumbers(report)
        self.port_names: dict[tuple[str, int], str] = {}
        """What outputs of nested models are called that were referred to together."""
        self._switched: dict[Entry, dict[str, Any]] = {}
        """Call arguments that references to outputs switch on."""

    def resolve(self, scope: Scope, text: str, place: Place, user: Entry | None, before: str = "") -> Refs:
        """What a reference refers to in a scope; empty, and reported, if it refers to nothing.

        ``before`` is what is written before it, with a dot at its end.
        """
        target = self.named(scope, text)
        if target is not None:
            return self.bare(target, place, user)
        if has_numbers(text):
            return self._numbered(scope, text, place, user, before)
        first, *steps = text.split(".")
        if scope.block is not None and first in scope.block.inputs:
            if steps:
                self._no_port_of_input(first, place, user)
                return ()
            return self.block_input(scope, first, place, user)
        target = self.named(scope, first)
        if target is None:
            self.unknown.name(scope, first, place, user)
            return ()
        for position, step in enumerate(steps):
            if isinstance(target, Copies):
                if not target.in_chain:
                    self._ambiguous(target, steps[position:], place, user)
                    return ()
                target = target.entries[-1]
            if target.absent:
                return self._feeds.passed_on(target, place, user, step)
            if target.inner is None:
                written = before + ".".join([first, *steps[:position]])
                return self._port(target, steps[position:], place, user, written)
            inside = target.inner
            ports = self._ports(inside)
            if step in ports or (_number(step) is not None and step not in inside.names):
                return self.instance_port(target, step, steps[position + 1 :], place, user)
            found = self.named(inside, step)
            if found is None:
                self.unknown.member(target, step, place, user)
                return ()
            target = found
        return self.bare(target, place, user)

    def named(self, scope: Scope, name: str) -> Entry | Copies | None:
        """What has a name in a scope."""
        return scope.names.get(name)

    def _numbered(self, scope: Scope, text: str, place: Place, user: Entry | None, before: str) -> Refs:
        """What a reference with numbers refers to: one or all of several copies, or of a block input's tensors."""
        if scope.block is not None and first_name(text) in scope.block.many:
            return self._of_many(scope, text, place, user)
        found: Refs = ()
        for name in self.copies.replaced(scope, text, place, user):
            found += self.resolve(scope, name, place, user, before)
        self.report.spend(len(found) - 1, place, user)
        return found

    def _of_many(self, scope: Scope, text: str, place: Place, user: Entry | None) -> Refs:
        """One of the tensors that a block's input takes, or all of them: `skips[-1]`, `skips[*]`."""
        steps = self.report.steps(text, place, user)
        if not steps:
            return ()
        name, number, *further = steps
        refs = self.block_input(scope, str(name), place, user)
        if further or not isinstance(number, int):
            if number == ALL and not further:
                return refs
            self._no_port_of_input(str(name), place, user)
            return ()
        if -len(refs) <= number < len(refs):
            return (refs[number],)
        if refs:
            last = len(refs) - 1
            self.report.error(
                "unknown-name",
                f"'{name}' is {count_of(len(refs), 'tensor')} here, so there is no {text}",
                place,
                user,
                f"they are {name}[0] to {name}[{last}]" if last else f"the only one is {name}[0]",
            )
        return ()

    def _no_port_of_input(self, name: str, place: Place, user: Entry | None) -> None:
        self.report.error(
            "unknown-port",
            f"'{name}' is an input of the block and has no outputs by name",
            place,
            user,
            f"write '{name}'",
        )

    def _ambiguous(self, target: Copies, steps: list[str], place: Place, user: Entry | None) -> None:
        """Report a path into copies side by side."""
        names = ", ".join(f"'{copy.name}.{'.'.join(steps)}'" for copy in target.entries[:4])
        message = f"'{target.name}' refers to {len(target.entries)} copies, each with a '{steps[0]}'"
        self.report.error(
            "ambiguous-name",
            f"{user.label}: {message}" if user is not None else message,
            place,
            user,
            f"name one of them: {names}, or all: '{target.name}[*].{'.'.join(steps)}'",
            [Related("the copies", target.entries[0].origin.place)],
        )

    def bare(self, target: Entry | Copies, place: Place, user: Entry | None) -> Refs:
        """What a name alone refers to: the first output; for copies side by side, those of all."""
        if isinstance(target, Copies):
            if target.in_chain:
                return self.bare(target.entries[-1], place, user)
            self.report.spend(len(target.entries), place, user)
            found: list[Ref] = []
            for entry in target.entries:
                refs = self.bare(entry, place, user)
                found += refs
                self.report.spend(len(refs) - 1, place, user)  # absent copies pass on all of other copies, and so on
            return tuple(found)
        if target.absent:
            return self._feeds.passed_on(target, place, user)
        if target.inner is not None:
            return self.instance_port(target, "0", [], place, user)
        if isinstance(target.layer, NestedModel):
            return self._of_model(target, target.layer, target.layer.first_ports())
        return (Ref(target.full_name),) if target.layer is not None else ()

    def _of_model(self, target: Entry, model: NestedModel, ports: tuple[int, ...]) -> Refs:
        """Outputs of a nested model, by their numbers."""
        if len(ports) > 1:
            names = model.ports({})
            self.port_names.update({(target.full_name, it): f"{target.full_name}.{names[it]}" for it in ports})
        return tuple(Ref(target.full_name, it) for it in ports)

    def _port(self, target: Entry, steps: list[str], place: Place, user: Entry | None, written: str) -> Refs:
        layer = target.layer
        if layer is None:
            return ()
        port = steps[0]
        option = layer.port_options.get(port)
        refused = option is not None and target.options.get(option) is False
        if option is not None and not refused:
            if self.report.is_looking and not self.options(target).get(option):
                return ()
            self._switched.setdefault(target, {})[option] = True
        if isinstance(layer, NestedModel) and (found := layer.ports_of(".".join(steps))) is not None:
            return self._of_model(target, layer, found)
        ports = layer.ports(self.options(target))
        if len(steps) == 1 and port in ports:
            return (Ref(target.full_name, ports.index(port)),)
        if len(steps) == 1 and (number := _number(port)) is not None and number < len(ports):
            return (Ref(target.full_name, number),)
        switched = layer.switched_ports()
        if refused:
            help = f"remove {option}: false from the call of '{target.name}': a reference to '{port}' switches it on"
        elif port in switched:
            help = f"set {switched[port]} on '{target.name}'"
        else:
            help = _right_port(target, [*ports, *layer.port_options], port, written)
        self.report.error(
            "unknown-port",
            f"{target.label} has no output {quote_value('.'.join(steps))}",
            place,
            user,
            help,
            [
                Related("its call switches it off", target.origin.at("call", option or ""))
                if refused
                else Related("the layer", target.origin.place)
            ],
        )
        return ()

    def instance_port(self, target: Entry, port: str, rest: list[str], place: Place, user: Entry | None) -> Refs:
        """What gives an output of an instance, by its name or number; ``rest`` leads on from there."""
        inside = target.inner
        assert inside is not None
        assert inside.block is not None
        ports = self._ports(inside)
        if port not in ports:
            number = _number(port)
            if not ports:
                said = f"{target.label} is a spec without a layer that gives an output"
                self.report.error("no-output", said, place, user, "add a layer after its Input")
                return ()
            if number is None or number >= len(ports):
                self.unknown.member(target, port, place, user)
                return ()
            port = ports[number]
        if inside.ends is not None:
            return self.resolve(inside, ".".join([port, *rest]), place, user) if rest else inside.ends[port]
        where, reference = self.report.port(inside, port)
        if reference is None:
            return ()
        if rest:
            return self.resolve(inside, ".".join([reference, *rest]), place, user, f"{target.name}.")
        return self.resolve(inside, reference, where, target)

    def _ports(self, inside: Scope) -> list[str]:
        """The names of an instance's outputs; those of a whole spec that lists none are found now."""
        if inside.block is not None and inside.block.outputs is None and inside.ends is None:
            inside.ends = {}  # what a reference inside leads to, if that reads an output: a cycle, which is reported
            inside.ends = self.ends(inside)
        return inside.ports

    def ends(self, inside: Scope) -> dict[str, Refs]:
        """What nothing in a scope reads: its own layers, and the outputs of its instances."""
        bound = [self._feeds.bindings(entry) for entry in inside.present() if entry.inner is None and not entry.broken]
        read = {ref.node for inputs in bound for refs in inputs.values() for ref in refs}
        found: dict[str, Refs] = {}
        for entry in inside.entries:
            if entry.absent or entry.broken:
                continue
            name = entry.copy.item if entry.copy is not None and entry.copy.in_chain else None
            name = name or entry.name
            if entry.inner is None:
                ends: dict[str, Refs] = {name: (Ref(entry.full_name),)}
            else:
                outputs = self.outputs_of(entry, quiet=True)
                ends = {name if len(outputs) == 1 else f"{name}.{port}": refs for port, refs in outputs.items()}
            found |= {name: refs for name, refs in ends.items() if refs and refs[0].node not in read}
        return found

    def further_ports(self, copy: Entry) -> tuple[str, ...]:
        """The outputs of an instance or a nested model but the first, which the next copy in a chain takes by name."""
        if copy.inner is not None:
            return tuple(self._ports(copy.inner))[1:]
        return copy.layer.ports({})[1:] if isinstance(copy.layer, NestedModel) else ()

    def further_output(self, copy: Entry, port: str, place: Place, user: Entry | None) -> Refs:
        """What gives one of the `further_ports` of a copy."""
        if copy.inner is not None:
            return self.instance_port(copy, port, [], place, user)
        assert copy.layer is not None
        return (Ref(copy.full_name, copy.layer.ports({}).index(port)),)

    def options(self, entry: Entry) -> dict[str, Any]:
        """The call arguments of an entry, with those that references to its outputs switch on."""
        switched = self._switched.get(entry)
        return entry.options if switched is None else {**entry.options, **switched}

    def outputs_of(self, instance: Entry, quiet: bool) -> dict[str, Refs]:
        """What gives each output of an instance; nothing if that is wrong.

        ``quiet``: errors are not reported, since nobody reads the output.
        """
        assert instance.inner is not None
        found: dict[str, Refs] = dict.fromkeys(self._ports(instance.inner), ())
        with self.report.looking(quiet):
            for port in found:
                with suppress(Failed):
                    found[port] = self.instance_port(instance, port, [], instance.origin.place, None)
        return found

    def is_given(self, scope: Scope, name: str) -> bool:
        """Whether the instance whose inside a scope is gets an input of its block."""
        return scope.instance is None or name in self._feeds.bindings(scope.instance)

    def block_input(self, scope: Scope, name: str, place: Place, user: Entry | None) -> Refs:
        """What a block's input refers to: what its instance is given; in a nested model, its own Input."""
        if scope.instance is None:
            return (Ref(name),)
        refs = self._feeds.bindings(scope.instance).get(name)
        if refs is not None:
            return refs
        around, handed = scope.instance.scope, scope.instance.source
        if isinstance(handed, list) and scope.block is not None:
            handed = dict(zip(scope.block.inputs, handed, strict=False))
        if isinstance(handed, dict) and around.block is not None and handed.get(name) in around.block.inputs:
            return self.block_input(around, handed[name], place, user)  # the instance around has not got it either
        if not self.report.failed:
            self.report.error(
                "missing-input",
                f"{scope.instance.label} has nothing for its input '{name}'",
                scope.instance.origin.place,
                scope.instance,
                _both(scope.instance),
            )
        return ()


def _right_port(target: Entry, available: list[str], port: str, written: str) -> str:
    """A help for an output that a layer does not have."""
    assert target.layer is not None
    if port.startswith("$"):
        return f"inside a string, a value is written $(...): {written}.$({port[1:]})"
    words = set(port.split("_"))
    holding = [name for name in available if words <= set(name.split("_"))]  # h, forward_h
    near = did_you_mean(port, available) or (f"write {written}.{holding[0]}" if len(holding) == 1 else None)
    copied = target.copy_of if port.isdigit() else None
    copies = f"the copies of '{copied}' are '{copied}_1' to '{target.name}'" if copied is not None else None
    alone = f"it has one output: write {written}" if len(available) == 1 else None
    help = near or copies or alone or f"its outputs: {', '.join(f'{written}.{one}' for one in available)}"
    nested = target.layer.block is not None
    return f"{help} (it is one layer: the members of a nested model cannot be reached)" if nested else help


def _number(step: str) -> int | None:
    """A step of a reference as the number of an output; None if it is not one, or larger than any layer has."""
    return int(step) if step.isascii() and step.isdigit() and len(step) < 7 else None
