"""Which layer of a file gives its weights to which layer of a model: by names, or else by places, as Keras does it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from specc.archive.reading.substitutes import SUBSTITUTED
from specc.archive.weights.tree import Member, Members
from specc.diagnostics.suggest import nearest
from specc.shapes import Shape

SEPARATORS = "./"
"""What is between the name of a block or a model and those of its layers."""
ENDS = (".", "/", "_", "-")
"""A name that ends so is the beginning of names."""
MOST_NAMED = 3


class Wanted(NamedTuple):
    """A layer of a model that a file may have weights for."""

    member: Member
    label: str
    """Its name as that file has it."""
    place: str | None
    """Its path as that file has it; None if only its name counts."""


class Misfit(NamedTuple):
    """Layers that do not fit: one of the model, one of the file, or both."""

    wanted: Wanted | None
    found: Member | None

    @property
    def shapes(self) -> tuple[dict[str, Shape], dict[str, Shape]]:
        """What is needed and what there is, without what both agree on."""
        need, has = ({} if it is None else it.shapes for it in (self.wanted and self.wanted.member, self.found))
        if set(need) == set(has):
            return {key: need[key] for key in need if need[key] != has[key]}, {
                key: has[key] for key in has if need[key] != has[key]
            }
        return need, has

    def __str__(self) -> str:
        need, has = self.shapes
        if self.wanted is None:
            assert self.found is not None
            return f"the file has weights of '{self.found.label}', {_listed(has)}, but the spec has no such layer"
        member = self.wanted.member
        names = {key: _name(key, held.name) for key, held in member.weights.items()}
        who = f"{called(member)} needs {_listed(need, names)}, but the file has"
        if self.found is None:
            return f"{who} nothing for it"
        other = "" if self.found.label == self.wanted.label else f" of its '{self.found.label}'"
        return f"{who} {_listed(has, names)}{other}"


def called(member: Member) -> str:
    """A layer in a message."""
    return f"'{member.label}' ({member.type})" if member.type else f"'{member.label}'"


def _name(key: str, name: str) -> str:
    """A weight in a message: "kernel", "cell/kernel"."""
    around, _, number = key.rpartition("vars/")
    return f"{around}{name or number}" if around or name else ""


def _listed(shapes: dict[str, Shape], names: dict[str, str] | None = None) -> str:
    named = [((names or {}).get(key, _name(key, "")), shape) for key, shape in shapes.items()]
    listed = [f"{name} {shape}".strip() for name, shape in named[:MOST_NAMED]]
    return ", ".join(listed) + (f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else "")


@dataclass
class Fit:
    """What of a file goes where."""

    pairs: list[tuple[Wanted, Member]] = field(default_factory=list)
    """A layer of the model, and the layer of the file whose weights it gets."""
    misfits: list[Misfit] = field(default_factory=list)

    def score(self) -> tuple[bool, int]:
        """What fits wholly is best, and else what has most layers in common."""
        return not self.misfits, len(self.pairs)


def fit(
    wanted: Sequence[Wanted], found: Members, aliases: dict[str, str], taken: Sequence[Wanted], partial: bool
) -> Fit:
    """Find the layers of a file for those of a model.

    By names if all agree, else by places in the file if all agree, as Keras does; but places come first for a file that says
    no names. Last by the names of the models inside and the places in those, as a Sequential and a functional model have
    other places in a file. With ``partial``, what agrees is enough. ``aliases`` has other names for layers of the file, which then count
    alone; the layers in ``taken`` may be in the file, too.
    """
    by_name = _by(wanted, found.layers, taken, lambda it: it.label, lambda it: aliases.get(it.label, it.label))
    if aliases:
        return by_name
    by_place = _by(wanted, found.layers, taken, lambda it: it.place, lambda it: it.path)
    ways = [by_name, by_place] if found.named else [by_place, by_name]
    if not any(way.score()[0] for way in ways):
        ways.append(_by(wanted, found.layers, taken, _inside, lambda it: _inside(Wanted(it, it.label, it.path))))
    return max(ways, key=(lambda way: bool(way.pairs)) if partial else Fit.score)


def _by(
    wanted: Sequence[Wanted],
    found: Sequence[Member],
    taken: Sequence[Wanted],
    key: Callable[[Wanted], str | None],
    key_of_found: Callable[[Member], str],
) -> Fit:
    """Pair the layers that have the same key, and the same weights."""
    made = Fit()
    counts = Counter(map(key_of_found, found))
    there = {key_of_found(it): it for it in found if counts[key_of_found(it)] == 1}
    others = set(map(key, taken))
    for it in wanted:
        other = there.pop(key(it) or "", None)
        if other is not None and other.shapes == it.member.shapes:
            made.pairs.append((it, other))
        else:
            made.misfits.append(Misfit(it, other))
    made.misfits += [
        Misfit(None, it)
        for it in found
        if (counts[name := key_of_found(it)] > 1 or name in there) and name not in others
    ]
    return made


def _inside(wanted: Wanted) -> str:
    """The name of the model around a layer, and the place of the layer in it."""
    place = (wanted.place or "").rpartition("/")[2]
    return f"{wanted.label.rpartition('/')[0]}/{place.replace(*SUBSTITUTED)}"


# -- Names ---------------------------------------------------------------------------------------


def under(target: str, needed: Members) -> list[Wanted]:
    """The layers of a block or of a model inside, named as a file of it alone names them. ValueError if there is none."""
    inside = [label for label in needed.models if label == target or label.startswith(f"{target}/")]
    if inside and (target in inside or len(inside) == 1):
        label = min(inside, key=len)
        start, place = f"{label}/", f"{needed.models[label]}/"
        found = [it for it in needed.layers if it.label.startswith(start)]
        return [Wanted(it, it.label.removeprefix(start), it.path.removeprefix(place)) for it in found]
    start = f"{target}."
    found = [it for it in needed.layers if it.label.startswith(start)]
    if not found:
        known = {*needed.models, *(begin for it in needed.layers for begin in _beginnings(it.label))}
        near = nearest(target, known)
        meant = f"; did you mean {near}?" if near else ""
        is_layer = any(it.label == target for it in needed.layers)
        said = f"'{target}' is a layer" if is_layer else f"the spec has no '{target}' with weights"
        raise ValueError(f"{said}; a file is for a block or a nested model, or without a name for the whole{meant}")
    return [Wanted(it, it.label.removeprefix(start), None) for it in found]


def _beginnings(label: str) -> Iterator[str]:
    """The names of the blocks and models around a layer."""
    for place, letter in enumerate(label):
        if letter in SEPARATORS:
            yield label[:place]


def aliases(found: Sequence[Member], old: str, new: str, names: Iterable[str]) -> dict[str, str]:
    """Other names for the layers of a file that are called ``old`` or are inside what is.

    What separates a block's name from that of its layer is as ``names`` have it.
    """
    known = set(names)
    made = {}
    for it in found:
        beginnings = (f"{old}/", f"{old}.", *[old] * old.endswith(ENDS))
        if it.label != old and not it.label.startswith(beginnings):
            continue
        rest = it.label[len(old) :]
        ways = [new + rest, *(new + letter + rest[1:] for letter in SEPARATORS if rest[:1] in SEPARATORS)]
        made[it.label] = next((way for way in ways if way in known), new + rest)
    return made


def hint(made: Fit, path: str) -> str:
    """What to write so that it is loaded."""
    missing = [it.wanted for it in made.misfits if it.wanted is not None and it.found is None]
    unused = [it.found for it in made.misfits if it.found is not None and it.wanted is None]
    labels = {it.label for it in missing}
    for start in dict.fromkeys(begin for it in missing for begin in _beginnings(it.label)):
        if unused and all({f"{start}.{it.label}", f"{start}/{it.label}"} & labels for it in unused):
            return f"for '{start}' alone, write --weights {start}={path}"
    pairs = list(dict.fromkeys(_shorter(old, new, unused, labels) for old, new in _likely(missing, unused)))
    write = " ".join(f"--weights-map {old}={new}" for old, new in pairs[:MOST_NAMED])
    return ", or ".join([f"write {write}"] * bool(pairs) + ["--partial loads what fits"] * bool(made.pairs))


def _likely(missing: Sequence[Wanted], unused: Sequence[Member]) -> Iterator[tuple[str, str]]:
    """Names that probably mean the same layer: it alone ends so, or it alone has such weights."""
    for same in (_last, _shapes):
        ours, theirs = (
            Counter(same(it.label, it.member) for it in missing),
            Counter(same(it.label, it) for it in unused),
        )
        found = {same(it.label, it): it for it in unused}
        for wanted in missing:
            key = same(wanted.label, wanted.member)
            if ours[key] == theirs[key] == 1 and found[key].shapes == wanted.member.shapes:
                yield found[key].label, wanted.label


def _last(label: str, member: Member) -> str:  # noqa: ARG001 - as `_shapes`
    return _parts(label)[-1]


def _shapes(label: str, member: Member) -> str:  # noqa: ARG001
    return repr(member.shapes)


def _shorter(old: str, new: str, unused: Sequence[Member], labels: set[str]) -> tuple[str, str]:
    """The names of the blocks or models around two layers, if all that is inside them agrees; else their own."""
    one, other = _parts(old), _parts(new)
    while len(one) > 1 and len(other) > 1 and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
        start, place = (text[: len("".join(parts)) + len(parts) - 1] for text, parts in ((old, one), (new, other)))
        if set(aliases(unused, start, place, labels).values()) <= labels:
            return start, place
    return old, new


def _parts(label: str) -> list[str]:
    return re.split(r"[./]", label)
