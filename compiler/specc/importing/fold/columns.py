"""What differs between the copies of a block, as its arguments."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from specc.importing.fold.bodies import Body, Call, Node, default
from specc.importing.fold.names import short_word
from specc.importing.fold.optional import NoBlockError, Wiring, wiring

Text = str
"""A value as JSON, by which values are compared."""

_RESERVED = frozenset(
    [
        "name",
        "from",
        "share",
        "formula",
        "call",
        "repeat",
        "each",
        "when",
        "else",
        "nested",
        "description",
        "allow",
        "type",
        "trainable",
        "dtype",
        "index",
        "shape",
        "abs",
        "round",
        "floor",
        "ceil",
        "int",
        "sqrt",
        "exp",
        "log",
        "log2",
        "min",
        "max",
        "sum",
        "prod",
        "len",
        "str",
        "range",
        "pi",
        "true",
        "false",
        "null",
        "and",
        "or",
        "not",
        "if",
        "in",
        "for",
        "else",
    ]
)
"""What no argument of a block can be called."""


@dataclass(eq=False, slots=True)
class Column:
    """Something that a copy has, in each row; None in rows that do not have it."""

    key: str
    node: Node
    values: list[Text | None]
    lists: bool = False
    """Whether the copies of a chain have different ones, so that each row has a list."""

    def merges(self, other: Column) -> bool:
        """Whether two are the same wherever both are."""
        pairs = list(zip(self.values, other.values, strict=True))
        if self.lists != other.lists or not all(a == b or a is None or b is None for a, b in pairs):
            return False
        both = sum(a is not None and b is not None for a, b in pairs)
        return self.key == other.key or 2 * both > len(pairs)

    def merge(self, other: Column) -> None:
        """Have the other's values, too."""
        self.values = [b if a is None else a for a, b in zip(self.values, other.values, strict=True)]

    def distinct(self) -> dict[Text, None]:
        """The different values, in order."""
        return dict.fromkeys(value for value in self.values if value is not None)


@dataclass(eq=False, slots=True)
class Argument:
    """An argument of a block."""

    name: str
    values: list[Any]
    """In each row."""
    default: Any = None


@dataclass(eq=False, slots=True)
class Written:
    """A node as an item of the block has it."""

    arguments: dict[str, Any]
    repeat: Any = None
    when: Any = None


@dataclass(eq=False, slots=True)
class Derived:
    """A block's arguments, and its items."""

    arguments: list[Argument] = field(default_factory=list)
    items: dict[Node, Written] = field(default_factory=dict)
    wiring: Wiring = field(default_factory=Wiring)
    rows: int = 0

    @property
    def whens(self) -> int:
        """How many different conditions items have."""
        return len({str(it.when) for it in self.items.values() if it.when is not None})


def derived(body: Body) -> Derived:
    """What a body is as a block. NoBlockError if it cannot be one."""
    found: Derived | None = body.derived
    if found is None or found.rows != body.rows:
        found = body.derived = _Deriving(body).result()
        found.rows = body.rows
        found.wiring = wiring(body)
    return found


def argument_count(columns: Sequence[Sequence[Node]]) -> int | None:
    """How many arguments a block of copies would have; None if there can be none."""
    nodes = [
        Node(
            column[0].type,
            column[0].form,
            column[0].fixed,
            [cell for it in column for cell in it.cells],
            column[0].block,
        )
        for column in columns
    ]
    try:
        return len(_Deriving(Body(0, nodes, rows=len(nodes[0].cells))).result().arguments)
    except NoBlockError:
        return None


def value_of(node: Node, call: Call, key: str) -> Any:
    """An argument of a call."""
    if key in call.arguments:
        return call.arguments[key]
    try:
        return default(node.type, key)
    except LookupError:
        raise NoBlockError(key) from None


def arguments_of(node: Node, call: Call) -> dict[str, Any]:
    """The arguments of a layer, or those that a block makes of what its instances have."""
    if node.block is None or "share" in node.fixed:
        return call.arguments
    return {it.name: it.values[call.row] for it in derived(node.block).arguments}


class _Deriving:
    """Derives the arguments of one block."""

    def __init__(self, body: Body) -> None:
        self._body = body
        self._columns: list[tuple[Column, Column]] = []  # each with the one that stands for it
        self._bases: list[Column] = []
        self._names: dict[Column, str] = {}

    def result(self) -> Derived:
        found = Derived()
        for node in self._body.nodes:
            for column in self._columns_of(node):
                base = next((it for it in self._bases if it.merges(column)), None)
                if len(column.distinct()) < 2:
                    base = column
                elif base is None:
                    base = column
                    self._bases.append(base)
                else:
                    base.merge(column)
                self._columns.append((column, base))
        texts = self._related()
        arguments = [it for it in self._bases if it not in texts]
        taken: set[str] = set()
        for base in arguments:
            self._names[base] = _free(base, taken)
            taken.add(self._names[base])
        for base in arguments:
            usual = _default(base)
            values = [usual if text is None else json.loads(text) for text in base.values]
            found.arguments.append(Argument(self._names[base], values, usual))
        for base, (other, form) in texts.items():
            self._names[base] = form.format(self._names[other])
        for node in self._body.nodes:
            found.items[node] = self._written(node)
        return found

    # -- Columns ------------------------------------------------------------------------------

    def _columns_of(self, node: Node) -> Iterator[Column]:
        """What the copies of a node have."""
        keys = dict.fromkeys(key for call in node.calls() for key in arguments_of(node, call))
        filled = {id(call): arguments_of(node, call) for call in node.calls()}
        have_lists = False
        for key in keys:
            rows = []
            for cell in node.cells:
                given = (filled[id(call)] for call in cell)
                rows.append(
                    [
                        _text(it[key] if key in it else value_of(node, call, key))
                        for it, call in zip(given, cell, strict=True)
                    ]
                )
            lists = any(len(set(row)) > 1 for row in rows)
            texts = [None if not row else f"[{', '.join(row)}]" if lists else row[0] for row in rows]
            have_lists |= lists
            yield Column(key, node, list(texts), lists)
        counts = [len(cell) for cell in node.cells]
        if any(count > 1 for count in counts) and not have_lists:
            yield Column("repeat", node, [_text(it) for it in counts])
        elif 0 in counts:
            yield Column("when", node, [_text(bool(it)) for it in counts])

    # -- Relations ----------------------------------------------------------------------------

    def _related(self) -> dict[Column, tuple[Column, str]]:
        """The columns that are computed from others, with how."""
        found: dict[Column, tuple[Column, str]] = {}
        used: set[int] = set()
        for column in self._bases:
            for other in self._bases:
                if id(column) in used or other is column or other in found or other.lists or column.lists:
                    continue
                form = _multiple(column, other) or _choice(column, other) or _listed(column, other)
                if form is not None:
                    found[column] = (other, form)
                    used.add(id(other))
                    break
        return found

    # -- Items --------------------------------------------------------------------------------

    def _written(self, node: Node) -> Written:
        """The item of a node."""
        written = Written({})
        lists: dict[str, Any] = {}
        count: Any = None
        for column, base in self._columns:
            if column.node is not node:
                continue
            value: Any = self._value(base)
            if column.key == "when" and value is not True:
                written.when = value
            elif column.key == "repeat":
                count = value
            elif column.lists:
                lists[column.key] = value
                written.arguments[column.key] = f"${column.key}"
            elif column.key not in ("when", "repeat"):
                written.arguments[column.key] = value
        written.repeat = lists or count
        return written

    def _value(self, base: Column) -> Any:
        if base in self._names:
            return f"${self._names[base]}"
        return json.loads(next(iter(base.distinct())))


def _text(value: Any) -> Text:
    return json.dumps(value)


def _multiple(column: Column, other: Column) -> str | None:
    """How a column is a multiple of another one."""
    if "repeat" in (column.key, other.key):
        return None
    factors = set()
    for a, b in zip(column.values, other.values, strict=True):
        if a is None:
            continue
        if b is None or not a.isdecimal() or not b.isdecimal() or int(b) < 2 or int(a) % int(b):
            return None
        factors.add(int(a) // int(b))
    factor = next(iter(factors), 0)
    return f"({factor} * {{}})" if len(factors) == 1 and factor > 1 else None


def _choice(column: Column, other: Column) -> str | None:
    """How a column with two values follows from whether another one has some value."""
    values = list(column.distinct())
    if len(values) != 2 or len(other.distinct()) != 2:
        return None
    pairs = {(a, b or "") for a, b in zip(column.values, other.values, strict=True) if a is not None}
    if len(pairs) != 2:
        return None
    first, second = (next(b for a, b in pairs if a == value) for value in values)
    if first == second or not first or not second:
        return None
    written = [_literal(value) for value in values]
    if None in written:
        return None
    if {first, second} == {"true", "false"} and other.key == "when":
        yes, no = written if first == "true" else written[::-1]
        condition, negated = "{}", "not {}"
    elif other.key == "kernel_size" and first.isdecimal() and second.isdecimal() and len(column.values) > 2:
        yes, no = written
        condition, negated = f"{{}} == {first}", f"{{}} != {first}"
    elif other.key == "strides" and first.isdecimal() and second.isdecimal() and "1" in (first, second):
        yes, no = written if second == "1" else written[::-1]
        condition, negated = "{} > 1", "{} == 1"
    else:
        return None
    if (yes, no) == ("true", "false"):
        return f"({condition})"
    if (yes, no) == ("false", "true"):
        return f"({negated})"
    return f"({yes} if {condition} else {no})" if not str(yes).isdecimal() else None


def _listed(column: Column, other: Column) -> str | None:
    """How a column of lists has another one at one place."""
    pairs = {(a, b) for a, b in zip(column.values, other.values, strict=True) if a is not None}
    lists = [json.loads(a) for a, _ in pairs]
    if not all(isinstance(it, list) and len(it) == len(lists[0]) for it in lists):
        return None
    differing = [at for at in range(len(lists[0])) if any(it[at] != lists[0][at] for it in lists)]
    if len(differing) != 1 or any(
        b is None or json.loads(b) != it[differing[0]] for it, (_, b) in zip(lists, pairs, strict=True)
    ):
        return None
    parts = [_literal(_text(it)) for it in lists[0]]
    if None in parts:
        return None
    parts[differing[0]] = "{}"
    return f"([{', '.join(map(str, parts))}])"


def _literal(text: Text) -> str | None:
    """A value in an expression."""
    value = json.loads(text)
    if isinstance(value, str):
        return f"'{value}'" if re.fullmatch(r"[\w.-]*", value) else None
    if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(it, dict | str) for it in value)):
        return None
    return text


def _argument_name(base: Column) -> str:
    """What an argument is called: as what it is for."""
    if base.key == "when":
        return f"with_{short_word(base.node) or 'block'}"
    if base.key == "repeat":
        return "depth"
    name = f"{base.key}s" if base.lists and not base.key.endswith("s") else base.key
    return f"layer_{name}" if name in _RESERVED else name


def _free(base: Column, taken: set[str]) -> str:
    """A name that is not taken."""
    found = name = _argument_name(base)
    word = short_word(base.node)
    if found in taken and word and not name.startswith("with_"):
        found = f"{word}_{name}"
    count = 1
    while found in taken:
        count += 1
        found = f"{name}_{count}"
    return found


def _default(base: Column) -> Any:
    """The value that most copies have; None if there is none, and each has to give its own."""
    counts = Counter(value for value in base.values if value is not None)
    text, count = counts.most_common(1)[0]
    if None in base.values:  # some copies do not need it
        return json.loads(text)
    return json.loads(text) if 2 * count > len(base.values) and not base.lists else None
