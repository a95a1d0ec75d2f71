"""Names that nothing has, and what they may mean."""

from __future__ import annotations

import re
from itertools import chain, islice

from specc.automatic_names import automatic_help
from specc.diagnostics import Related
from specc.diagnostics.notation import flow
from specc.diagnostics.suggest import MOST_HINTS, did_you_mean
from specc.diagnostics.text_safety import quote_value
from specc.passes.expansion.scopes import Copies, Entry, Scope
from specc.passes.wiring.report import WiringReport
from specc.source import Place
from specc.words import count_of

_ITEM_ABOVE = frozenset({"above", "prev", "previous", "last"})
"""Words that people write for the item above."""
_PORT = re.compile(r"(forward_|backward_)?(output|state|scores)")
"""What the names of outputs begin with, other than a layer's first."""
MOST_LOOKED_AT = 300_000
"""Most entries that are searched for what unknown names may mean."""


class UnknownNames:
    """Reports references that refer to nothing."""

    def __init__(self, report: WiringReport) -> None:
        self.report = report
        self.labels: dict[str, str] = {}
        """The map of outputs, inverted: perhaps its labels and references were swapped."""
        self._told = 0
        """Names reported; only the first few get a hint that compares all names."""
        self._looked_at = 0
        """Entries that were searched for what they may mean."""

    def name(self, scope: Scope, name: str, place: Place, user: Entry | None) -> None:
        """Report a name that nothing in a scope has."""
        copied = scope.names.get(name.rpartition("_")[0])
        if isinstance(copied, Entry) and copied.broken:  # perhaps only the number of its copies is unknown
            return
        related = []
        if name in scope.automatic:
            help = automatic_help(name)
            related = [Related("this layer", scope.automatic[name].origin.place)]
        elif isinstance(copied, Copies):
            last = len(copied.entries)
            help = f"'{copied.name}' has {count_of(last, 'copy')}, '{copied.name}_1' to '{copied.name}_{last}'"
        else:
            self._told += 1
            known = list(
                islice(
                    chain(scope.names, scope.block.inputs if scope.block is not None else ()),
                    None if self._told <= MOST_HINTS else 11,
                )
            )
            known = [other for other in known if user is None or other != user.name]
            computed = re.sub(r"\$([^\W\d]\w*)", r"$(\1)", name)
            listed = (
                f"names here: {', '.join(known[:10])}{', ...' if len(known) > 10 else ''}"
                if known
                else "no layer here has a name yet: give one a 'name'"
            )
            help = did_you_mean(name, known) or listed
            self._looked_at += len(scope.entries)
            if computed != name:
                help = f"inside a string, a value is written $(...): {computed}"
            elif self._looked_at <= MOST_LOOKED_AT:
                help = self._meant(scope, name, user) or help
        message = f"there is no layer {quote_value(name)}"
        self.report.error(
            "unknown-name", f"{user.label}: {message}" if user is not None else message, place, user, help, related
        )

    def _meant(self, scope: Scope, name: str, user: Entry | None) -> str | None:
        """What an unknown name may mean: a type, a member of an instance, several names, a layer outside."""
        labels = scope.block is None and self.labels
        if labels and name in labels and labels[name] in scope.names:
            return f"a map of outputs has labels as its keys: write {{{name}: {labels[name]}}}"
        if name in _ITEM_ABOVE:
            return "there is no keyword for the item above: give that item a 'name', and write the name here"
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
            if user is not None and user.item.share == name:
                return "a block sees its own layers only: hand it the name as an argument, args: {layer: null}, and write share: $layer"
            inputs = flow([*scope.block.inputs, name])
            return (
                f"a block sees its own inputs only: write inputs: {inputs}, and '{name}' in the 'from' of its instances"
            )
        return None

    def member(self, target: Entry, step: str, place: Place, user: Entry | None) -> None:
        """Report a name that no output and no member of an instance has."""
        inside = target.inner
        assert inside is not None
        ports = inside.ports
        members = [name for name in inside.names if name not in ports]
        said = [
            f"its {what}: {', '.join(f'{target.name}.{name}' for name in names[:10])}"
            for what, names in (("outputs", ports), ("layers", members))
            if names
        ]
        help = did_you_mean(step, [*ports, *members]) or "; ".join(said)
        self.report.error(
            "unknown-port",
            f"{target.label} has no output or member {quote_value(step)}",
            place,
            user,
            help,
            [Related("the instance", target.origin.place)],
        )


def _is_short(name: str, type_name: str | None) -> bool:
    """Whether a name is a part of a type's name, or its capital letters.

    >>> _is_short("mha", "MultiHeadAttention"), _is_short("pooling", "MaxPooling2D"), _is_short("d", "Dense")
    (True, True, False)
    """
    if type_name is None or len(name) < 3:
        return False
    capitals = "".join(letter for letter in type_name if letter.isupper())
    return name.lower() == capitals.lower() or name.lower() in type_name.lower()
