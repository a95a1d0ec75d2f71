"""What feeds each entry: its ``from``, the edges that end at it, or the item above it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, islice

from specc.calls import Argument
from specc.diagnostics.notation import flow
from specc.diagnostics.suggest import did_you_mean, nearest
from specc.diagnostics.text_safety import quote_value, shorten
from specc.frontend.reference_syntax import ALL
from specc.ir import Ref
from specc.layers.attention_roles import ROLES
from specc.layers.core import Input
from specc.passes.advice.absent import warn_of_absent_copies
from specc.passes.advice.feeds import warn_of_feeds
from specc.passes.expansion.scopes import Copies, Entry
from specc.passes.wiring.chains import Chains
from specc.passes.wiring.edges import Edges
from specc.passes.wiring.references import References, Refs
from specc.passes.wiring.report import WiringReport
from specc.passes.wiring.sources import MOST_NAMED, Source, SourceReader, Sources
from specc.passes.wiring.unknown import UnknownNames
from specc.source import Place

LONGEST_CHAIN = 1_000
"""Most items that wait for each other and are not layers themselves."""


class Feeding:
    """Binds the call arguments of entries to what feeds them."""

    def __init__(
        self, report: WiringReport, unknown: UnknownNames, edges: Edges, references: type[References] = References
    ) -> None:
        self.report = report
        self.references = references(report, unknown, self)
        self.edges = edges
        self._sources = SourceReader(report, self.references, edges)
        self._chains = Chains(report, self.references)
        self._bound: dict[Entry, dict[str, Refs]] = {}
        self._binding: dict[Entry, None] = {}
        """The entries that are being bound, outermost first."""
        self._absent: dict[Entry, Sources] = {}
        """What feeds the absent entries that were asked for."""
        self._too_deep = False

    def look_at(self, entry: Entry) -> None:
        """Report what is wrong with the inputs of an entry that has other errors."""
        if entry.block is not None:
            self._bind(entry)
        else:
            self._sources.read(entry, (Argument(""),))

    def bindings(self, entry: Entry) -> dict[str, Refs]:
        """The refs of each call argument (or block input) of an entry."""
        if entry in self._bound:
            return self._bound[entry]
        if (feeder := self._feeder(entry)) is not None:
            assert entry.layer is not None
            return {entry.layer.tensor_arguments()[0].name: (Ref(feeder.full_name),)}
        if entry in self._binding:
            self._cycle(entry)
            return {}
        if self._is_too_deep(entry):
            return {}
        self._binding[entry] = None
        self._bound[entry] = found = self._bind(entry)
        self._binding.popitem()
        return found

    def passed_on(self, entry: Entry, place: Place, user: Entry | None, port: str | None = None) -> Refs:
        """What an absent entry passes on: its ``else``, or its input of the name of the output asked for, or its first."""
        if port is not None and (refs := self._named_on(entry, port, place, user)):
            return refs
        # Iterative, so that a long row of absent entries needs no recursion.
        for waiting in reversed(self._absent_behind(entry)):
            self._pass_on(waiting, place, user)
        return self._pass_on(entry, place, user)

    def _absent_behind(self, entry: Entry) -> list[Entry]:
        """The absent entries that an absent one waits for, each for the next, except the last of them."""
        row: dict[Entry, None] = {}
        following: Entry | Copies | None = entry
        while isinstance(following, Entry) and following.absent and following not in row:
            if following in self._bound or following in self._binding:
                break
            row[following] = None
            named = following.otherwise if following.otherwise is not None else following.source
            if following.otherwise is None and following.chained is not None:
                following = following.chained
            elif isinstance(named, str):
                following = following.scope.names.get(named)
            elif named is None and not self.edges.are_given(following.scope):
                following = following.previous
            else:
                break
            if isinstance(following, Copies) and following.in_chain:
                following = following.entries[-1]
        return list(row)[1:-1]

    def _pass_on(self, entry: Entry, place: Place, user: Entry | None) -> Refs:
        if entry in self._bound:
            return self._bound[entry][""]
        if entry in self._binding:
            self._cycle(entry)
            return ()
        if self._is_too_deep(entry):
            return ()
        self._binding[entry] = None
        listed: list[Source] = []
        if isinstance(entry.otherwise, str):
            refs = self.references.resolve(entry.scope, entry.otherwise, entry.origin.at("else"), entry)
        elif entry.is_nothing:
            refs = ()
        elif entry.chained is not None:
            refs = self.references.bare(entry.chained, place, user)
        else:
            sources = self._passing(entry)
            listed = sources.positional or [source for given in sources.named.values() for source in given]
            refs = next((source.refs[:1] for source in listed if source.refs), ())
            listed = listed if refs or self.report.failed else []
        self._binding.popitem()
        self._bound[entry] = {"": refs}
        if not listed and entry.otherwise is None and entry.chained is None:
            self.report.error(
                "unknown-name",
                f"'{entry.name}' is absent here ('when' is false) and has no input to pass on",
                place,
                user,
                "add 'else', a reference that replaces it",
            )
        return refs

    def _named_on(self, entry: Entry, port: str, place: Place, user: Entry | None) -> Refs:
        """The input of that name that an absent instance or repeated copy passes on; none if it has no such input."""
        giver = entry
        while giver.absent and giver.otherwise is None and giver.chained is not None:
            giver = giver.chained
        if not giver.absent:
            is_handed_on = port in self.references.further_ports(giver)
            return self.references.further_output(giver, port, place, user) if is_handed_on else ()
        if giver.otherwise is not None or giver.block is None or port not in giver.block.inputs:
            return ()
        sources, position = self._passing(giver), giver.block.inputs.index(port)
        given = sources.named.get(port) or sources.positional[position : position + 1]
        return tuple(ref for source in given for ref in source.refs)

    def _passing(self, entry: Entry) -> Sources:
        """What feeds an absent entry; read once, so that an error is reported once."""
        if entry not in self._absent:
            self._absent[entry] = self._sources.read(entry, (Argument(""),))
        return self._absent[entry]

    def _is_too_deep(self, entry: Entry) -> bool:
        """Whether too many entries wait for each other; reported once."""
        if len(self._binding) < LONGEST_CHAIN:
            return False
        if not self._too_deep:
            self._too_deep = True
            self.report.error(
                "too-deep",
                f"{entry.label} is at the end of a chain of more than {LONGEST_CHAIN:,} items that only pass on the output of others",
                entry.origin.place,
                entry,
                "remove some of them",
            )
        return True

    def _cycle(self, entry: Entry) -> None:
        bound = list(self._binding)
        names = [f"'{other.full_name}'" for other in bound[bound.index(entry) :]]
        message = f"the layers feed each other in a cycle: {shorten(' -> '.join([*names, names[0]]), 300)}"
        self.report.error(
            "cycle",
            message,
            entry.origin.place,
            entry,
            "cut it at one place: one of these layers must take its input from elsewhere",
        )

    def _bind(self, entry: Entry) -> dict[str, Refs]:
        signature = _signature(entry)
        sources = self._sources.read(entry, signature)
        bound: dict[str, list[Ref]] = {}
        rest = list(sources.positional)
        if rest and not signature:
            what = "'from'" if entry.source is not None else "the edge"
            self.report.error(
                "surplus-input",
                f"{entry.label} takes no input",
                rest[0].end,
                entry,
                f"{'data enters here' if isinstance(entry.layer, Input) else 'it makes a tensor of no other'}; remove {what}",
            )
            return {}
        for argument in _open(entry):
            if not rest:
                break
            if argument.many:
                bound[argument.name] = [ref for source in rest for ref in source.refs]
                if not bound[argument.name] and argument.required:
                    self._nothing(rest[0], entry)
                rest = []
            else:
                source = rest.pop(0)
                if not self._lone(source, argument, entry):
                    return {}
                bound[argument.name] = list(source.refs)
        if rest:
            self._surplus(entry, signature, sources)
            return {}
        if sources.named:
            self._bind_named(entry, signature, sources, bound)
        if entry.chained is not None:
            self._chain(entry, signature, sources, bound)
        warn_of_feeds(entry, sources.positional, bound, self.report.report)
        warn_of_absent_copies(entry, chain(sources.positional, *sources.named.values()), self.report.report)
        return {it.name: tuple(bound[it.name]) for it in signature if bound.get(it.name)}

    def _bind_named(
        self, entry: Entry, signature: Sequence[Argument], sources: Sources, bound: dict[str, list[Ref]]
    ) -> None:
        """Bind the arguments that are given by name."""
        self._unknown_inputs(entry, signature, sources)
        by_name = {argument.name: argument for argument in signature}
        for name, given in sources.named.items():
            argument = by_name.get(name)
            if argument is None:
                continue
            refs = [ref for source in given for ref in source.refs]
            if not argument.many and (len(given) > 1 or not self._lone(given[0], argument, entry)):
                if len(given) > 1:
                    self.report.error(
                        "surplus-input",
                        f"{entry.label} takes one tensor for '{name}', not {len(given)}",
                        given[1].place,
                        entry,
                        "join them first, with Concatenate or Add",
                    )
                continue
            if not refs and argument.required:
                self._nothing(given[0], entry)
            bound.setdefault(name, []).extend(refs)

    def _unknown_inputs(self, entry: Entry, signature: Sequence[Argument], sources: Sources) -> None:
        """Report the names in a map of inputs that the call does not have; once if it takes all in one list."""
        names = [argument.name for argument in signature]
        kind = "input" if entry.inner is not None else "call argument"
        unknown = {name: given for name, given in sources.named.items() if name not in names}
        if not unknown:
            return
        named = " and no ".join(map(quote_value, islice(unknown, MOST_NAMED))) + ", ..." * (len(unknown) > MOST_NAMED)
        if entry.inner is not None and len(unknown) > 1 and isinstance(entry.source, dict):
            self.report.error(
                "unknown-input",
                f"{entry.label} has no {kind} {named} for a tensor",
                next(iter(unknown.values()))[0].end,
                entry,
                f"its inputs are {', '.join(names[:MOST_NAMED])}: write from: {flow(_renamed(entry.source, names))}",
            )
            return
        if signature and signature[0].many and len(unknown) == len(sources.named) > 0:
            first = next(iter(unknown.values()))[0]
            roles = [name for name in ROLES if name in unknown] if set(unknown) <= set(ROLES) else list(unknown)
            listed = ", ".join(source.text for name in roles for source in unknown[name])
            order = f", {names[0]}: [query, value, key]" if roles[0] in ROLES else f", '{names[0]}'"
            self.report.error(
                "unknown-input",
                f"{entry.label} has no {kind} {named} for a tensor",
                first.end,
                entry,
                f"it takes them in one list{order}: write from: [{listed}]",
            )
            return
        for name, given in unknown.items():
            alike = [other for other in names if other.endswith(f"_{name}")]
            help = (
                f"did you mean one of {', '.join(alike)}?"
                if len(alike) > 1
                else did_you_mean(name, names)
                or (f"{kind}s that take tensors: {', '.join(names)}" if names else "it takes no input")
            )
            if entry.layer is not None and name in entry.layer.options:
                help = f"'{name}' is a constant: write it under 'call'"
            self.report.error(
                "unknown-input",
                f"{entry.label} has no {kind} {quote_value(name)} for a tensor",
                given[0].end,
                entry,
                help,
            )

    def _chain(
        self, entry: Entry, signature: Sequence[Argument], sources: Sources, bound: dict[str, list[Ref]]
    ) -> None:
        """Feed a copy in a chain from the one before it."""
        argument = next(iter(_open(entry)), None)
        if argument is None:
            return
        taken = self._chains.first_input(entry, argument, sources)
        if argument.many:
            bound[argument.name] = [*taken.refs, *(bound.get(argument.name, ())[1:] if len(taken.refs) == 1 else ())]
        elif self._lone(taken, argument, entry):
            bound[argument.name] = list(taken.refs)
        further = self._chains.handed_on(entry, signature, sources)
        bound.update({name: list(refs) for name, refs in further.items() if name != argument.name})

    def _feeder(self, entry: Entry) -> Entry | None:
        """The layer, named or above, that feeds the only argument of an entry; None for entries that are not so simple.

        Large files are full of such entries.
        """
        layer, source, scope = entry.layer, entry.source, entry.scope
        if layer is None or entry.chained is not None or self.edges.are_given(scope):
            return None
        tensors = layer.tensor_arguments()
        target = entry.previous if source is None else scope.names.get(source) if type(source) is str else None
        if type(target) is not Entry or target.absent or target.layer is None or len(tensors) != 1 or tensors[0].many:
            return None
        return target

    def _surplus(self, entry: Entry, signature: Sequence[Argument], sources: Sources) -> None:
        given = ", ".join(f"'{source.text}'" for source in sources.positional[:6])
        given += ", ..." if len(sources.positional) > 6 else ""
        takes = (
            "one input" if len(signature) == 1 else f"{len(signature)} inputs ({', '.join(a.name for a in signature)})"
        )
        message = f"{entry.label} takes {takes}, not {len(sources.positional)}: {given}"
        place = sources.positional[min(len(signature), len(sources.positional) - 1)].place
        help = "join them first, with Concatenate or Add"
        if entry.inner is not None:
            help = "remove one, or give the block a further input"
        elif len(signature) > 1:
            first, second, *_ = signature
            help = f"remove the surplus inputs, or write a map: {{{first.name}: ..., {second.name}: ...}}"
        self.report.error("surplus-input", message, place, entry, help)

    def _lone(self, source: Source, argument: Argument, entry: Entry) -> bool:
        if len(source.refs) == 1:
            return True
        if not source.refs:
            self._nothing(source, entry)
        if source.refs:
            names = ", ".join(f"'{self.references.port_names.get(ref, ref.node)}'" for ref in source.refs[:4])
            alone = source.text.removesuffix(f"[{ALL}]")
            block = entry.scope.block
            chosen = "" if block is not None and source.text in block.many else f"choose one of {names}, or "
            each = f"; '{alone}[$index]' is one for each copy" if entry.copy_of is not None else ""
            self.report.error(
                "ambiguous-name",
                f"{entry.label} takes one tensor for '{argument.name}', but '{source.text}' refers to {len(source.refs)}",
                source.place,
                entry,
                self._one_for_each_input(source, entry) or f"{chosen}join them with Concatenate or Add{each}",
            )
        return False

    @staticmethod
    def _one_for_each_input(source: Source, entry: Entry) -> str | None:
        """A help for copies that are all that an item takes, and as many as its inputs."""
        copies = entry.scope.names.get(source.text.removesuffix(f"[{ALL}]"))
        if entry.source != source.text or not isinstance(copies, Copies) or len(copies.entries) != len(_open(entry)):
            return None
        return f"write from: [{', '.join(copy.name for copy in copies.entries)}], one for each of its inputs"

    def _nothing(self, source: Source, entry: Entry) -> None:
        """Report an entry that gets all of 0 copies, or an absent item without a substitute, unless the reference is wrong."""
        if self.report.failed:
            return
        target = entry.scope.names.get(source.text)
        is_absent = isinstance(target, Entry) and target.is_nothing and target.item.when is not None
        reason = (
            f"'{source.text}' is absent here, and its 'else' is []"
            if is_absent
            else f"'{source.text}' refers to 0 copies"
        )
        where = f"where '{source.text}' is" if is_absent else "where there are no copies"
        help = f"name something else with it, or omit the item with 'when' {where}"
        self.report.error("missing-input", f"{entry.label} gets nothing: {reason}", source.place, entry, help)


def _signature(entry: Entry) -> Sequence[Argument]:
    if entry.layer is not None:
        return entry.layer.tensor_arguments()
    block = entry.block if entry.inner is None else entry.inner.block
    return () if block is None else [Argument(name, many=name in block.many) for name in block.inputs]


def _open(entry: Entry) -> Sequence[Argument]:
    """The arguments that ``from`` fills by position."""
    return entry.layer.open_tensors() if entry.layer is not None else _signature(entry)


def _renamed(given: Mapping[str, object], names: Sequence[str]) -> dict[str, object]:
    """A map of inputs by their right names: each gets the most similar name, the others are taken in order.

    >>> _renamed({"rigth": "b", "l": "a"}, ["left", "right"])
    {'left': 'a', 'right': 'b'}
    """
    free = [name for name in names[:MOST_NAMED] if name not in given]
    right = {name: given[name] for name in names[:MOST_NAMED] if name in given}
    left: list[object] = []
    for name, value in islice(given.items(), MOST_NAMED):
        near = None if name in right else nearest(name, free)
        if near is not None:
            free.remove(near)
            right[near] = value
        elif name not in right:
            left.append(value)
    right |= zip(free, left, strict=False)
    return {name: right.get(name, "...") for name in names[:MOST_NAMED]}
