"""Copies by number: what `stage[-1].skip` and `stage[*]` mean, as references to copies by name, such as `stage_3.skip`."""

from __future__ import annotations

from typing import NamedTuple

from specc.diagnostics import Related
from specc.diagnostics.text_safety import quote_value
from specc.frontend.reference_syntax import ALL, Step, has_numbers, written
from specc.ir import NestedModel
from specc.passes.expansion.scopes import Copies, Entry, Scope
from specc.passes.wiring.report import WiringReport
from specc.source import Place
from specc.words import count_of


class _Way(NamedTuple):
    """A reference as far as it was followed."""

    text: str
    """Without numbers of copies."""
    inside: Scope | None
    """What is inside the instance that it leads to."""
    is_known: bool = True
    """Whether numbers of copies can follow; not for what is broken or absent, or has no name at all."""
    model: NestedModel | None = None
    """The nested model that it leads to."""


class CopyNumbers:
    """Replaces numbers of copies in references by the copies' names."""

    def __init__(self, report: WiringReport) -> None:
        self.report = report

    def replaced(self, scope: Scope, text: str, place: Place, user: Entry | None) -> list[str]:
        """The references without numbers that a reference stands for, in order.

        Empty for all of 0 copies; and, reported, for a copy that there is not, or a text that is no reference.
        """
        steps = self.report.steps(text, place, user)
        if not steps:
            return []
        ways = [_Way("", scope)]
        for position, (step, following) in enumerate(zip(steps, [*steps[1:], ""], strict=False)):
            if isinstance(step, str) and step != ALL:
                if all(way.model is not None for way in ways) and has_numbers(rest := written(steps[position:])):
                    return [further for way in ways for further in self._of_model(way, rest, place, user)]
                number = following if isinstance(following, int) or following == ALL else None
                ways = [further for way in ways for further in self._further(way, step, number, place, user)]
        return [way.text for way in ways]

    def chosen(
        self, target: Entry | Copies, text: str, number: Step, place: Place, user: Entry | None
    ) -> list[Entry] | None:
        """The copies that a number, or ALL, means; None, and reported, if there are none of that number."""
        if isinstance(target, Entry) and target.broken:
            return None
        if isinstance(target, Copies):
            entries = target.entries
        elif target.copy is None and (target.item.repeat is not None or target.item.each is not None):
            entries = []
        else:
            self._not_copied(target, text, number, place, user)
            return None
        if number == ALL:
            self.report.spend(len(entries), place, user)
            return entries
        assert isinstance(number, int)
        if not -len(entries) <= number < len(entries):
            self._too_far(target, text, number, place, user)
            return None
        return [entries[number]]

    def _further(self, way: _Way, step: str, number: Step | None, place: Place, user: Entry | None) -> list[_Way]:
        """A way and one more name, with the number after it."""
        text = f"{way.text}.{step}" if way.text else step
        if number is None or not way.is_known:
            return [_leading_to(text, None if way.inside is None else way.inside.names.get(step), way.is_known)]
        inside = way.inside
        if way.text and inside is not None and inside.block is not None and step in inside.block.ports:
            _, reference = self.report.port(inside, step)
            return [
                _Way(f"{way.text}.{it}", None) for it in self._of_port(inside, reference, text, number, place, user)
            ]
        target = None if inside is None else inside.names.get(step)
        if target is None:
            is_input = inside is not None and inside.block is not None and step in inside.block.inputs and not way.text
            if not is_input and (inside is not None or not way.text):
                return [_Way(text, None, False)]  # an unknown name, which is reported where it is looked up
            what = f"'{step}' is an input of the block" if is_input else f"'{text}' is an output"
            self._error(f"{what}, so there is no {text}[{number}]", place, user, f"write {text}")
            return []
        if isinstance(target, Entry) and target.broken:
            return [_Way(text, None, False)]
        found = self.chosen(target, text, number, place, user)
        before = text.removesuffix(step)
        return [_leading_to(f"{before}{entry.name}", entry) for entry in found or ()]

    def _of_model(self, way: _Way, rest: str, place: Place, user: Entry | None) -> list[str]:
        """What a reference to outputs of a nested model means, as references to one output each."""
        assert way.model is not None
        ports = way.model.ports({})
        found = way.model.ports_of(rest)
        if found is not None:
            return [f"{way.text}.{ports[port]}" for port in found]
        listed = ", ".join(f"{way.text}.{port}" for port in ports[:12])
        message = f"'{way.text}' ({way.model.type_name}) has no output {quote_value(rest)}"
        help = f"its outputs: {listed} (it is one layer: the members of a nested model cannot be reached)"
        self._error(message, place, user, help)
        return []

    def _of_port(
        self, inside: Scope, reference: str | None, text: str, number: Step, place: Place, user: Entry | None
    ) -> list[str]:
        """What a number after the output of an instance means, as references inside it."""
        if reference is None:
            return []
        if not has_numbers(reference):
            return self.replaced(inside, f"{reference}[{number}]", place, user)
        listed = self.replaced(inside, reference, place, user)
        if number == ALL:
            return listed
        assert isinstance(number, int)
        if -len(listed) <= number < len(listed):
            return [listed[number]]
        self._error(
            f"'{text}' is {count_of(len(listed), 'output')}, so there is no {text}[{number}]",
            place,
            user,
            f"write {text}[0]" if listed else f"write {text}",
        )
        return []

    def _not_copied(self, target: Entry, text: str, number: Step, place: Place, user: Entry | None) -> None:
        ports = len(target.layer.ports(target.options)) if target.layer is not None else 0
        output = isinstance(number, int) and 0 <= number < ports and ports > 1
        help = f"write {text}, or {text}.{number} for an output by its number" if output else f"write {text}"
        inside = target.inner
        if inside is not None and inside.block is not None:
            port, reference = next(iter(inside.block.ports.items()))
            if isinstance(number, int) and isinstance(inside.names.get(reference), Copies):
                help = f"write {text}.{port}[{number}]"
        message = f"'{target.name}' is not copied by 'repeat' or 'each', so there is no {text}[{number}]"
        self._error(message, place, user, help, [Related("the item", target.origin.place)])

    def _too_far(self, target: Entry | Copies, text: str, number: int, place: Place, user: Entry | None) -> None:
        entries = target.entries if isinstance(target, Copies) else []
        last = len(entries) - 1
        help = (
            f"the copies are {text}[0] to {text}[{last}], or from the end {text}[-1] to {text}[{-last - 1}]"
            if last > 0
            else f"the only copy is {text}[0]"
            if entries
            else "omit this item with 'when' where there are no copies"
            if target.is_nothing  # type: ignore[union-attr]  # copies are not empty
            else f"without copies, {text} alone means what goes into it"
        )
        place_of_item = (entries[0] if entries else target).origin.place  # type: ignore[union-attr]  # one of the two
        message = f"'{target.name}' has {count_of(len(entries), 'copy')}, so there is no {text}[{number}]"
        self._error(message, place, user, help, [Related("the item", place_of_item)])

    def _error(
        self,
        message: str,
        place: Place,
        user: Entry | None,
        help: str | None = None,
        related: list[Related] | None = None,
    ) -> None:
        said = f"{user.label}: {message}" if user is not None else message
        self.report.error("unknown-name", said, place, user, help, related or [])


def _leading_to(text: str, target: Entry | Copies | None, is_known: bool = True) -> _Way:
    """The way to a target."""
    if isinstance(target, Copies):
        target = target.entries[-1] if target.in_chain else None
    if target is None:
        return _Way(text, None, is_known)
    model = target.layer if isinstance(target.layer, NestedModel) else None
    return _Way(text, target.inner, is_known and not target.absent and not target.broken, model)
