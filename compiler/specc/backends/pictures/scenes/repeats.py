"""Folds what repeats: equal layers and blocks in a row, or side by side, become one frame "x N".

Equal is what a reader would see as equal: the same types, arguments and wiring; names and weights may differ, and inside
blocks the sizes of the tensors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, takewhile

from specc.backends.pictures.scenes.rates import with_all_rates
from specc.backends.pictures.scenes.runs import FEWEST_INPUTS, Looks, Net, Row, Run
from specc.backends.pictures.scenes.scene import Card, Frame, Item, Scene, card_of, cards_of, frames_of

_STACK = "stack of "
"""The kind of a frame around several items that repeat together begins so."""


def fold_repeats(scene: Scene) -> Scene:
    """The scene with a frame for each run of equal items, at any depth."""
    folder = _Folder(scene)
    members = folder.fold(scene.members)
    for frame in frames_of(members):
        frame.ins, frame.outs = folder.renamed(frame.ins), folder.renamed(frame.outs)
    return replace(scene, members=members, wires=list(folder.net.wires.values()))


def _beside_readers(members: list[Item], net: Net) -> list[Item]:
    """The members with each input before the one that reads it, if there are many."""
    at = {card.id: position for position, item in enumerate(members) for card in cards_of(item)}
    places: dict[str, int] = {}
    for item in members:
        if isinstance(item, Card) and item.form == "input":
            readers = {at[wire.head] for wire in net.out_of(item.id) if wire.head in at}
            if len(readers) == 1:
                places[item.id] = readers.pop()
    if len(set(places.values())) < FEWEST_INPUTS:
        return members
    keys = {id: (places.get(id, position), id not in places) for id, position in at.items()}
    return sorted(members, key=lambda item: min((keys[card.id] for card in cards_of(item)), default=(len(at), True)))


class _Folder:
    def __init__(self, scene: Scene) -> None:
        self.net = Net(scene.wires)
        self.looks = Looks(self.net, scene.members)
        self.but_for_rates = Looks(self.net, scene.members, but_for_rates=True)
        self._stacks = 0
        self._kept: dict[str, str] = {}
        """The card that stands for another one now."""

    def renamed(self, names: dict[str, str]) -> dict[str, str]:
        """A frame's names, by the nets as they are after folding."""
        found: dict[str, str] = {}
        for net, name in names.items():
            tail, _, out = net.partition(" ")
            while tail in self._kept:
                tail = self._kept[tail]
            found.setdefault(f"{tail} {out}", name)
        return found

    def fold(self, members: Sequence[Item]) -> list[Item]:
        """The members with their runs folded, those inside frames first."""
        inside: list[Item] = []
        for member in members:
            folded = replace(member, members=self.fold(member.members)) if isinstance(member, Frame) else member
            self._look_at(folded)
            inside.append(folded)
        return self._fold_row(self._with_inputs_beside(inside))

    def _look_at(self, item: Item) -> None:
        self.looks.add(item)
        self.but_for_rates.add(item)

    def _with_inputs_beside(self, members: list[Item]) -> list[Item]:
        """The members with each input before its reader, if pairs of these repeat, as in a spec whose inputs come first."""
        moved = _beside_readers(members, self.net)
        if moved is members:
            return members
        repeated = (item for run in Row(moved, self.net, self.looks).runs() for item in moved[run.start : run.end])
        return moved if any(card_of(item).form == "input" for item in repeated) else members

    def _fold_row(self, members: list[Item]) -> list[Item]:
        while True:
            row = Row(members, self.net, self.looks)
            runs = row.runs()
            if not runs and (lanes := row.by_lane()) != members:
                members, runs = self._in_other_order(members, lanes)
            runs = runs or Row(members, self.net, self.but_for_rates).runs()
            if not runs:
                return members
            folded: list[Item] = []
            at = 0
            for run in runs:
                folded += members[at : run.start]
                folded.append(self._replace(members, run))
                at = run.end
            members = folded + members[at:]

    def _in_other_order(self, members: list[Item], lanes: list[Item]) -> tuple[list[Item], list[Run]]:
        """Branches that are written rank by rank repeat only if they are taken one by one."""
        runs = Row(lanes, self.net, self.looks).runs()
        return (lanes, runs) if runs else (members, [])

    def _replace(self, members: list[Item], run: Run) -> Item:
        """One copy for all. What leaves the last of a chain leaves the one that is kept."""
        copies = [members[at : at + run.period] for at in range(run.start, run.end, run.period)]
        ids = [[card.id for item in copy for card in cards_of(item)] for copy in copies]
        inside = {card for copy in ids for card in copy}
        for copy in ids[1:]:
            goes_on = run.in_chain and copy is ids[-1]
            for card, kept in zip(copy, ids[0], strict=True):
                self.net.remove(card, kept if goes_on else "", inside)
                self._kept[card] = kept
        stack = self._stack(copies, run)
        self._look_at(stack)
        return stack

    def _stack(self, copies: list[list[Item]], run: Run) -> Item:
        """A card for one layer that repeats, and a frame for a block or several items."""
        kept = [_merged(items) for items in zip(*copies, strict=True)]
        cards = [card_of(item) for copy in copies for item in copy]
        (only, *more) = kept
        if not more:
            own = _total(card_of(only), cards, run)
            return replace(only, card=own) if isinstance(only, Frame) else own
        self._stacks += 1
        for item in kept:
            self._look_at(item)
        own = _total(_of_several(f"s{self._stacks}", [card_of(item) for item in kept]), cards, run)
        return Frame(own, f"{_STACK}{own.type}", self._fold_row(kept))


def _of_several(id: str, cards: Sequence[Card]) -> Card:
    """What stands for several items that repeat together: their types, and what one says if only one says something."""
    runs = [(type, len(list(same))) for type, same in groupby(card.type for card in cards)]
    types = [type if count == 1 else f"{count} {type}" for type, count in runs]
    name = ", ".join(types[:3]) + (", …" if len(types) > 3 else "")
    said = [card.words for card in cards if card.words]
    words = said[0] if len(said) == 1 else []
    badges = {card.badge for card in cards if card.badge}
    badge = badges.pop() if len(badges) == 1 else ""
    return Card(id, "block", "other", name, words=words, badge=badge, path=cards[0].path, where=cards[0].where)


def _total(card: Card, cards: Sequence[Card], run: Run) -> Card:
    """The card with the number of copies, and the sums of all their cards."""
    known = not any(it.varies for it in cards)
    last = cards[-1]
    return replace(
        card,
        symbol="",  # a circle has no room for the number
        times=run.times,
        parallel=not run.in_chain,
        varies=not known,
        params=sum(it.params for it in cards) * known,
        frozen_params=sum(it.frozen_params for it in cards) * known,
        frozen=any(it.frozen for it in cards) and all(it.frozen or not (it.params or it.varies) for it in cards),
        layers=sum(it.layers for it in _once(cards)),
        tensor=last.tensor,
        shape=last.tensor if any(it.shape for it in cards) else "",
    )


def _once(cards: Sequence[Card]) -> list[Card]:
    """The cards without further calls of one layer."""
    shared = {card.badge: card for card in reversed(cards) if card.badge}
    return [card for card in cards if not card.badge or shared[card.badge] is card]


def _merged(items: Sequence[Item], is_shared: bool = False) -> Item:
    """The first of equal items, without what is not true of the others."""
    first = items[0]
    is_stack = isinstance(first, Frame) and first.kind.startswith(_STACK)
    is_shared = is_shared or bool(card_of(first).badge and not is_stack)
    card = _merged_card([card_of(item) for item in items], is_shared)
    if isinstance(first, Card):
        return card
    members = [item.members for item in items if isinstance(item, Frame)]
    return replace(first, card=card, members=[_merged(each, is_shared) for each in zip(*members, strict=True)])


def _merged_card(cards: Sequence[Card], is_shared: bool) -> Card:
    """``is_shared``: they are calls of one layer, whose parameters are counted at the first."""
    first = cards[0]
    varies = any(card.varies for card in cards) or (not is_shared and len({card.params for card in cards}) > 1)
    return replace(
        first,
        name=_common_name(cards),
        words=with_all_rates([card.words for card in cards]),
        all=with_all_rates([card.all for card in cards]),
        shape=first.shape if len({card.tensor for card in cards}) == 1 else "",
        varies=varies,
        params=first.params * (not varies),
        frozen_params=first.frozen_params * (not varies),
    )


def _common_name(cards: Sequence[Card]) -> str:
    """What the names of copies begin with: "decoder" of decoder_1 and decoder_2.

    >>> card = Card("n", "layer", "dense", "Dense")
    >>> _common_name([replace(card, name="expert_1"), replace(card, name="expert_12")])
    'expert'
    """
    names = [card.name for card in cards]
    if len(set(names)) == 1:
        return names[0]
    same = takewhile(lambda letters: len(set(letters)) == 1, zip(*names, strict=False))
    return "".join(letters[0] for letters in same).rstrip("0123456789").rstrip("_.- ")
