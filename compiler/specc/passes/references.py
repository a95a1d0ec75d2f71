"""What the references of a scope stand for: names, members of instances, ports, inputs of blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, Protocol

from specc.automatic_names import automatic_help
from specc.budget import current
from specc.diagnostics import CompileError, Related, Report
from specc.diagnostics.codes import ErrorCode
from specc.diagnostics.notation import flow
from specc.diagnostics.suggest import MOST_HINTS, did_you_mean
from specc.diagnostics.text_safety import quote_value
from specc.ir import Ref
from specc.passes.scopes import Copies, Entry, Scope, through
from specc.passes.values import Failed, substitute
from specc.source import Place
from specc.words import count_of

Refs = tuple[Ref, ...]

_ITEM_ABOVE = frozenset({"above", "prev", "previous", "last"})
"""Words that are written for the item above."""
_PORT = re.compile(r"(forward_|backward_)?(output|state|scores)")
"""What the names of outputs that are no layer's first begin with."""
MOST_LOOKED_AT = 300_000
"""Entries that are looked at for what unknown names were meant to be."""


def _is_short(name: str, type_name: str | None) -> bool:
    """Whether a name is a part of a type's name, or its capitals.

    >>> _is_short("mha", "MultiHeadAttention"), _is_short("pooling", "MaxPooling2D"), _is_short("d", "Dense")
    (True, True, False)
    """
    if type_name is None or len(name) < 3:
        return False
    capitals = "".join(letter for letter in type_name if letter.isupper())
    return name.lower() == capitals.lower() or name.lower() in type_name.lower()


class Feeds(Protocol):
    """What feeds the entries; that is references again."""

    def bindings(self, entry: Entry) -> dict[str, Refs]:
        """The refs of each call argument (or block input) of an entry."""

    def passed_on(self, entry: Entry, place: Place, user: Entry | None) -> Refs:
        """What an absent entry passes on to its ``user``, whose reference to it stands at the place."""

    def share(self, entry: Entry) -> None:
        """Make an entry a further call of what it shares."""


def _both(instance: Entry) -> str:
    """What to write on an instance of a block that is not given all of its inputs."""
    assert instance.inner is not None
    assert instance.inner.block is not None
    written = f"write from: {{{', '.join(f'{name}: ...' for name in instance.inner.block.inputs)}}}"
    if instance.source is None and instance.previous is not None:
        return f"it takes only '{instance.previous.name}', which stands directly above it: {written}"
    return written


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


class References:
    """Resolves references, and reports those that stand for nothing."""

    def __init__(self, report: Report, feeds: Feeds) -> None:
        self.report = report
        self._feeds = feeds
        self._budget = current()
        self._switched: dict[Entry, dict[str, Any]] = {}
        """Call arguments that references to outputs switch on."""
        self._looking = False
        """Whether what is resolved is only looked at, and switches nothing on."""
        self._quiet = False
        """Whether nothing is reported."""
        self.labels: dict[str, str] = {}
        """What a map of outputs says, turned round: perhaps its labels stand where its references belong."""
        self._unknown = 0
        """Names reported that are none; only the first few get a hint that compares all names."""
        self._looked_at = 0
        """Entries among which what they were meant to be was looked for."""

    def resolve(self, scope: Scope, text: str, place: Place, user: Entry | None, before: str = "") -> Refs:
        """What a reference stands for in a scope; empty, and reported, where that is nothing.

        ``before`` is what stands before it where it is written, with a dot at its end.
        """
        target = scope.names.get(text)
        if target is not None:
            return self.bare(target, place, user)
        first, *steps = text.split(".")
        if scope.block is not None and first in scope.block.inputs:
            if steps:
                self.error(
                    "unknown-port",
                    f"'{first}' is an input of the block and has no outputs by name",
                    place,
                    user,
                    f"write '{first}'",
                )
                return ()
            return self.block_input(scope, first, place, user)
        target = scope.names.get(first)
        if target is None:
            self.unknown_name(scope, first, place, user)
            return ()
        for position, step in enumerate(steps):
            if isinstance(target, Copies):
                if not target.in_chain:
                    names = ", ".join(f"'{copy.name}.{'.'.join(steps[position:])}'" for copy in target.entries[:4])
                    message = f"'{target.name}' stands for {len(target.entries)} copies, each with a '{step}'"
                    self.error(
                        "ambiguous-name",
                        f"{user.label}: {message}" if user is not None else message,
                        place,
                        user,
                        f"name one of them: {names}",
                        [Related("the copies", target.entries[0].origin.place)],
                    )
                    return ()
                target = target.entries[-1]
            if target.absent:
                return self._feeds.passed_on(target, place, user)
            if target.inner is None:
                written = before + ".".join([first, *steps[:position]])
                return self._port(target, steps[position:], place, user, written)
            inside = target.inner
            ports = inside.block.ports if inside.block is not None else {}
            if step in ports or (_number(step) is not None and step not in inside.names):
                return self.instance_port(target, step, steps[position + 1 :], place, user)
            found = inside.names.get(step)
            if found is None:
                self._unknown_member(target, step, place, user)
                return ()
            target = found
        return self.bare(target, place, user)

    def shared(self, user: Entry, text: str) -> Entry | Copies | None:
        """The item that a path of names leads to, which is what a user shares."""
        target: Entry | Copies | None = None
        names = user.scope.names
        for step in text.split("."):
            if isinstance(target, Copies) and target.in_chain:
                target = target.entries[-1]
            if isinstance(target, Entry) and target.inner is not None:
                names = target.inner.names
            elif target is not None:
                names = {}
            found = names.get(step)
            if found is None:
                place = user.origin.at("share")
                if target is None:
                    self.unknown_name(user.scope, step, place, user)
                else:
                    self.error(
                        "unknown-name",
                        f"'{target.name}' has no member {quote_value(step)}",
                        place,
                        user,
                        did_you_mean(step, names),
                    )
                return None
            if isinstance(found, Entry) and found.item.share is not None and not found.absent:
                self._feeds.share(found)
            target = found
        return target

    def bare(self, target: Entry | Copies, place: Place, user: Entry | None) -> Refs:
        """What a name alone stands for: the first output; of copies side by side, those of all."""
        if isinstance(target, Copies):
            if target.in_chain:
                return self.bare(target.entries[-1], place, user)
            self.spend(len(target.entries), place, user)
            found: list[Ref] = []
            for entry in target.entries:
                refs = self.bare(entry, place, user)
                found += refs
                self.spend(len(refs) - 1, place, user)  # absent copies pass on all of other copies, and so on
            return tuple(found)
        if target.absent:
            return self._feeds.passed_on(target, place, user)
        if target.inner is not None:
            return self.instance_port(target, "0", [], place, user)
        return (Ref(target.full_name),) if target.layer is not None else ()

    def _port(self, target: Entry, steps: list[str], place: Place, user: Entry | None, written: str) -> Refs:
        layer = target.layer
        if layer is None:
            return ()
        port = steps[0]
        option = layer.port_options.get(port)
        refused = option is not None and target.options.get(option) is False
        if option is not None and not refused:
            if self._looking and not self.options(target).get(option):
                return ()
            self._switched.setdefault(target, {})[option] = True
        ports = layer.ports(self.options(target))
        if len(steps) == 1 and port in ports:
            return (Ref(target.full_name, ports.index(port)),)
        if len(steps) == 1 and (number := _number(port)) is not None and number < len(ports):
            return (Ref(target.full_name, number),)
        switched = layer.switched_ports()
        if refused:
            help = f"remove {option}: false from the call of '{target.name}': whoever refers to '{port}' switches it on"
        elif port in switched:
            help = f"set {switched[port]} on '{target.name}'"
        else:
            available = [*ports, *layer.port_options]
            nested = (
                " (it is one layer: the members of a nested model cannot be reached)" if layer.block is not None else ""
            )
            words = set(port.split("_"))
            holding = [name for name in available if words <= set(name.split("_"))]  # h, forward_h
            near = did_you_mean(port, available) or (f"write {written}.{holding[0]}" if len(holding) == 1 else None)
            copied = target.copy_of if port.isdigit() else None
            copies = f"the copies of '{copied}' are '{copied}_1' to '{target.name}'" if copied is not None else None
            alone = f"it has one output: write {written}" if len(available) == 1 else None
            listed = f"its outputs: {', '.join(f'{written}.{one}' for one in available)}"
            help = (near or copies or alone or listed) + nested
        self.error(
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
        """What stands behind an output of an instance, by its name or number; ``rest`` leads on from there."""
        inside = target.inner
        assert inside is not None
        assert inside.block is not None
        ports = inside.block.ports
        if port not in ports:
            number = _number(port)
            if number is None or number >= len(ports):
                self._unknown_member(target, port, place, user)
                return ()
            port = next(islice(ports, number, None))
        where = inside.place("outputs", port if isinstance(inside.block.outputs, dict) else inside.block.position[port])
        reference = self.text(inside, ports[port], where)
        if rest:
            return self.resolve(inside, ".".join([reference, *rest]), place, user, f"{target.name}.")
        return self.resolve(inside, reference, where, target)

    def options(self, entry: Entry) -> dict[str, Any]:
        """The call arguments of an entry, with those that references to its outputs switch on."""
        switched = self._switched.get(entry)
        return entry.options if switched is None else {**entry.options, **switched}

    def outputs_of(self, instance: Entry, quiet: bool) -> dict[str, Refs]:
        """What gives each output of an instance; nothing where that is wrong.

        ``quiet``: that is not reported, since what nobody reads does no harm.
        """
        assert instance.inner is not None
        assert instance.inner.block is not None
        found: dict[str, Refs] = dict.fromkeys(instance.inner.block.ports, ())
        self._looking, self._quiet = True, quiet
        for port in found:
            with suppress(Failed):
                found[port] = self.instance_port(instance, port, [], instance.origin.place, None)
        self._looking = self._quiet = False
        return found

    def block_input(self, scope: Scope, name: str, place: Place, user: Entry | None) -> Refs:
        """What stands for a block's input: what its instance is given; in a nested model, its own Input."""
        if scope.instance is None:
            return (Ref(name),)
        refs = self._feeds.bindings(scope.instance).get(name)
        if refs is None:
            if not self.report.failed:
                self.error(
                    "missing-input",
                    f"{scope.instance.label} has nothing for its input '{name}'",
                    scope.instance.origin.place,
                    scope.instance,
                    _both(scope.instance),
                )
            return ()
        return refs

    def text(self, scope: Scope, text: str, place: Place) -> str:
        """A reference that belongs to a scope and to no item of it, its values put in."""
        if "$" not in text:
            return text
        try:
            report = Report() if self._quiet else self.report
            return str(substitute(text, scope.values, place, scope.frames, report))
        except Failed:
            return ""

    # -- Reporting ----------------------------------------------------------------------------

    def spend(self, wires: int, place: Place, user: Entry | None) -> None:
        """Count wires before they are made. CompileError where they are too many: there is no going on."""
        if wires > self._budget.wires:
            if self._looking:
                raise Failed
            who = user.label if user is not None else "this"
            self.error(
                "too-large",
                f"{who} brings the spec beyond {self._budget.most_wires:,} connections",
                place,
                user,
                "let fewer layers take all copies of another, or repeat less",
            )
            raise CompileError(self.report.diagnostics)
        self._budget.wires -= max(wires, 0)

    def unknown_name(self, scope: Scope, name: str, place: Place, user: Entry | None) -> None:
        """Report a name that nothing in a scope has."""
        copied = scope.names.get(name.rpartition("_")[0])
        if isinstance(copied, Entry) and copied.broken:  # how many copies it has may be what is not known
            return
        related = []
        if name in scope.automatic:
            help = automatic_help(name)
            related = [Related("this layer", scope.automatic[name].origin.place)]
        elif isinstance(copied, Copies):
            last = len(copied.entries)
            help = f"'{copied.name}' has {count_of(last, 'copy')}, '{copied.name}_1' to '{copied.name}_{last}'"
        else:
            self._unknown += 1
            known = list(
                islice(
                    chain(scope.names, scope.block.inputs if scope.block is not None else ()),
                    None if self._unknown <= MOST_HINTS else 11,
                )
            )
            known = [other for other in known if user is None or other != user.name]
            listed = (
                f"names here: {', '.join(known[:10])}{', ...' if len(known) > 10 else ''}"
                if known
                else "no layer here has a name yet: give one a 'name'"
            )
            help = did_you_mean(name, known) or listed
            self._looked_at += len(scope.entries)
            if self._looked_at <= MOST_LOOKED_AT:
                help = self._meant(scope, name, user) or help
        message = f"there is no layer {quote_value(name)}"
        self.error(
            "unknown-name", f"{user.label}: {message}" if user is not None else message, place, user, help, related
        )

    def _meant(self, scope: Scope, name: str, user: Entry | None) -> str | None:
        """What a name was meant to be that no item has: a type, a member of an instance, several names, a layer outside."""
        labels = scope.block is None and self.labels
        if labels and name in labels and labels[name] in scope.names:
            return f"a map of outputs has labels as its keys: write {{{name}: {labels[name]}}}"
        if name in _ITEM_ABOVE:
            return "no word stands for the item above: give that item a 'name', and write the name here"
        of_type = [entry for entry in scope.entries if entry.item.type == name]
        if of_type:
            called = next((f"is called '{entry.name}'" for entry in of_type if entry.named), "has no name: give it one")
            return f"{quote_value(name)} is a type; an item of that type {called}"
        others = (entry for entry in scope.entries if not entry.named and entry is not user)
        short_for = [entry for entry in others if _is_short(name, entry.item.type)]
        if len(short_for) == 1:
            return f"the {short_for[0].item.type} has no name: give it the name '{name}' to refer to it"
        for entry in scope.entries:
            if entry.inner is not None and not entry.absent and name in entry.inner.names:
                return f"it is a member of '{entry.name}': write {entry.name}.{name}"
            layer = entry.layer if entry.named and not entry.absent and _PORT.match(name) else None
            if layer is not None and name in (*layer.ports(entry.options)[1:], *layer.port_options):
                return f"it is an output of '{entry.name}': write {entry.name}.{name}"
            if layer is not None and (option := layer.switched_ports().get(name)) is not None:
                return f"it is an output of '{entry.name}' with {option}: set that, and write {entry.name}.{name}"
        outer = scope.instance.scope if scope.instance is not None else None
        if outer is not None and scope.block is not None and name in outer.names:
            inputs = flow([*scope.block.inputs, name])
            return (
                f"a block sees its own inputs only: write inputs: {inputs}, and '{name}' in the 'from' of its instances"
            )
        return None

    def _unknown_member(self, target: Entry, step: str, place: Place, user: Entry | None) -> None:
        inside = target.inner
        assert inside is not None
        ports = list(inside.block.ports if inside.block is not None else ())
        members = [name for name in inside.names if name not in ports]
        said = [
            f"its {what}: {', '.join(f'{target.name}.{name}' for name in names[:10])}"
            for what, names in (("outputs", ports), ("layers", members))
            if names
        ]
        help = did_you_mean(step, [*ports, *members]) or "; ".join(said)
        self.error(
            "unknown-port",
            f"{target.label} has no output or member {quote_value(step)}",
            place,
            user,
            help,
            [Related("the instance", target.origin.place)],
        )

    def error(
        self,
        code: ErrorCode,
        message: str,
        place: Place,
        user: Entry | None,
        help: str | None = None,
        related: Sequence[Related] = (),
    ) -> None:
        """Report an error of ``user``, with the instances and copies that led to it."""
        if self._quiet:
            return
        frames = user.origin.frames if user is not None else ()
        self.report.error(code, message, place, help=help, related=[*related, *through(frames)])


def _number(step: str) -> int | None:
    """A step of a reference as the number of an output; None for one that is none, or that no layer could have."""
    return int(step) if step.isascii() and step.isdigit() and len(step) < 7 else None
