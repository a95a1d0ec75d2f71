"""Files that grow: one kind for each part of the language, each a function from a size in characters to a text.

They are what a stranger may send: sound ones, wrong ones, and those that say little and mean much. Each is to be answered
within two seconds of the processor and 256 MiB up to a mebibyte, and in proportion to its length beyond.

    python -m tests.growing                           every kind at a mebibyte
    python -m tests.growing --size 8388608 --seconds 16 --mebibytes 2048
    python -m tests.growing "a ring" --command "check --format json"
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import importlib
import io
import os
import pkgutil
import resource
import sys
import tempfile
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import NamedTuple, NoReturn

import specc
from specc import cli

Kind = Callable[[int], str]

KINDS: dict[str, Kind] = {}
X = "{type: Input, name: x, shape: [3]}"


def many(size: int, *units: str, between: str = "") -> str:
    """The last unit again and again, its ``@`` a number that counts up and its ``^`` the number before; the others lead."""
    *lead, unit = units
    parts, length = list(lead), sum(map(len, lead))
    for number in count(1):
        part = unit.replace("@", str(number)).replace("^", str(number - 1))
        length += len(part) + len(between)
        if length > size:
            return "".join(lead) + between.join(parts[len(lead) :])
        parts.append(part)
    raise AssertionError


def kind(name: str, make: Kind) -> None:
    """Add a kind to the table."""
    assert name not in KINDS, name
    KINDS[name] = make


def lines(name: str, *units: str, end: str = "") -> None:
    """A kind of which a line repeats."""
    kind(name, lambda size: many(size - len(end), *units) + end)


def listed(name: str, begin: str, unit: str, end: str) -> None:
    """A kind in which the entries of a list or map on one line repeat."""
    kind(name, lambda size: begin + many(size - len(begin) - len(end), unit, between=",") + end)


def one(name: str, begin: str, unit: str, end: str) -> None:
    """A kind in which a piece of text repeats without anything between."""
    kind(name, lambda size: begin + many(size - len(begin) - len(end), unit) + end)


def nested(name: str, begin: str, opening: str, middle: str, closing: str, end: str) -> None:
    """A kind that nests."""
    kind(
        name,
        lambda size: (
            begin
            + opening * ((size - len(begin + middle + end)) // len(opening + closing))
            + middle
            + closing * ((size - len(begin + middle + end)) // len(opening + closing))
            + end
        ),
    )


def doubling(name: str, first: str, unit: str, end: str, levels: int = 24) -> None:
    """A kind of few lines in which each value holds the one before it many times; the size plays no part."""

    def make(size: int) -> str:
        rows = [f"  a0: {first}"] + [
            f"  a{n}: {unit.replace('^', str(n - 1)).replace('@', str(n))}" for n in range(1, levels + 1)
        ]
        return "vars:\n" + "\n".join(rows) + "\n" + end.replace("@", str(levels))

    kind(name, make)


# -- Text --------------------------------------------------------------------------------------------------------------

listed("nul in yaml", "layers: [", '"\\u0000"', "]")
listed("nul in json", '{"layers": [', '"\\u0000"', "]}")
listed("half a pair in json", '{"layers": [', '"\\ud800"', "]}")
listed("half a pair in keys", '{"layers": [{', '"\\ud800@": 1', "}]}")
one("nul in one text", '{"layers": ["', "\\u0000", '"]}')
one("control characters", "layers: [a", "\x01", "]")
one("control characters in names", 'layers: [{type: Dense, name: "', "\\x1b", '"}]')
one("next lines", "layers: [a", "\x85", "]")
one("lone returns", "layers: []", "\r", "")
one("blank lines", "layers: []", "\n", "")
one("spaces", "layers: []", " ", "")
one("tabs", "layers:\n", "\t", "- Dense")
lines("comments", "layers: []\n", "# a comment\n")
lines("documents", "layers: []\n", "---\n")
lines("tags", "layers:\n", "- !a b\n")
lines("long tags", "layers:\n", "- !aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa b\n")
lines("equal keys", "a: 1\n")
listed("equal keys in json", "{", '"a": 1', "}")
lines("pairs of equal keys", "a@: 1\na@: 2\n")
lines("keys that are no texts", "@: 1\n")
lines("merge keys", "- <<: {a: 1}\n")
lines("unknown aliases", "layers:\n", "- *a@\n")
lines("unknown aliases beside anchors", "layers:\n", "- &a@ b\n- *b@\n")
lines("aliases", "layers:\n- &a Dense\n", "- *a\n")
lines("anchors", "layers:\n", "- &a@ Dense\n")
lines("aliases of themselves", "layers:\n", "- &a@ [*a@]\n")
lines("not finite", "layers:\n", "- .inf\n")
lines("not finite in json", '{"layers": [0\n', ",NaN\n", end="]}")
lines("floats too large", "layers:\n", "- 1e999\n")
one("a long integer", "layers: [", "1", "]")
one("a long integer in json", '{"layers": [', "1", "]}")
one("a long hexadecimal", "layers: [0x", "f", "]")
one("a long fraction", "layers: [0.", "1", "]")
one("long zeros", "layers: [", "0", "1]")
lines("long integers", "layers:\n", f"- {'9' * 300}\n")
nested("lists", "layers: ", "[", "", "]", "")
nested("lists in json", '{"layers": ', "[", "1", "]", "}")
nested("maps", "layers: ", "{a: ", "1", "}", "")
nested("maps in json", '{"layers": ', '{"a": ', "1", "}", "}")
one("lists that stay open", "layers: ", "[", "")
one("lists that stay open in json", '{"layers": ', "[", "")
one("dashes", "layers:\n", "- ", "a")
one("question marks", "layers:\n", "? ", "a")
kind("indentation", lambda size: "".join(f"{' ' * n}a:\n" for n in range(int((2 * size) ** 0.5))))
one("open quotes", "layers: [", '"a', "")
one("an open quote", 'layers: ["', "a", "")
one("an open quote in json", '{"layers": ["', "a", "")
one("brackets that end nothing", "layers: []", "]", "")
listed("single quotes in json", '{"layers": [', "'a'", "]}")
one("escapes", 'layers: ["', "\\q", '"]')
one("backslashes in json", '{"layers": ["', "\\\\", '"]}')
lines("no spaces", "layers:\n", "- {type: Dense,units:@}\n")
lines("lines out of line", "layers:\n", "- type: Dense\n   units: 3\n")
listed("numbers", "layers: [", "1", "]")
listed("numbers in json", '{"layers": [', "1", "]}")
listed("nulls", "layers: [", "", "]")
listed("empty maps", "layers: [", "{}", "]")
listed("empty lists", "layers: [", "[]", "]")
one("a long type", "layers: [", "a", "]")
one("wide characters", "layers: [", "网", "]")
one("marks", "layers: [a", "\u0301", "]")
one("bidirectional overrides", 'layers: ["', "\\u202e", '"]')
one("a long key", "", "a", ": 1")
one("a long key in json", '{"', "a", '": 1}')
lines("a block of text", "layers: |\n", "  a\n")
one("a comma after the last", "layers: [a", ",", "]")
one("colons", "a", ": ", "")
one("letters only", "", "a", "")
lines("prose", "these are words\n")

# -- The form of a spec --------------------------------------------------------------------------------------------------

lines("unknown keys", "k@: 1\n")
listed("unknown keys in json", "{", '"k@": 1', "}")
listed("unknown keys of an item", "layers: [{type: Dense, units: 1,", "k@: 1", "}]")
listed("misspelt keys of an item", "layers: [{type: Dense,", "unist@: 1", "}]")
lines("items without a type", f"layers:\n- {X}\n", "- {name: a@}\n")
lines("items that misspell type", f"layers:\n- {X}\n", "- {tpye: Dense}\n")
lines("invalid names", f"layers:\n- {X}\n", "- {type: ReLU, name: a.@}\n")
one("a long name", "layers: [{type: ReLU, name: ", "a", "}]")
lines("invalid from", f"layers:\n- {X}\n", "- {type: ReLU, from: 1}\n")
lines("invalid repeat", f"layers:\n- {X}\n", "- {type: ReLU, repeat: x}\n")
lines("share and type", f"layers:\n- {X}\n", "- {share: x, type: ReLU}\n")
listed("includes", "include: [", "a@.yaml", "]\nlayers: []")
listed("includes of one file", "include: [", "a.yaml", "]\nlayers: []")
listed("includes outside", "include: [", "../a@.yaml", "]\nlayers: []")
one("a long include", "include: [", "a/", "]\nlayers: []")
lines("invalid edges", f"layers: [{X}]\nedges:\n", "- [a]\n")
listed("invalid outputs", f"layers: [{X}]\noutputs: [", "1", "]")
listed("invalid labels", f"layers: [{X}]\noutputs: {{", "-@: x", "}")
lines("invalid variants", f"layers: [{X}]\nvariants:\n", "  v@: 1\n")
lines("invalid defaults", f"layers: [{X}]\ndefaults:\n", "  D@: 1\n")
lines("invalid blocks", f"layers: [{X}]\nblocks:\n", "  b@: 1\n")
lines("empty blocks", f"layers: [{X}]\nblocks:\n", "  b@: {}\n")

# -- Values --------------------------------------------------------------------------------------------------------------

lines("vars", f"layers: [{X}, ReLU]\nvars:\n", "  v@: 1\n")
lines("invalid vars", f"layers: [{X}]\nvars:\n", "  -v@: 1\n")
lines("vars that follow", f"layers: [{X}, {{type: Dense, units: $v0}}]\nvars:\n  v0: 1\n", "  v@: $v^\n")
lines("vars that lead", f"layers: [{X}]\nvars:\n", "  v^: $v@\n", end="  last: 1\n")
kind("vars in a cycle", lambda size: many(size, f"layers: [{X}]\nvars:\n", "  v^: $v@\n") + "  v0: $v1\n")
lines("vars that need themselves", f"layers: [{X}]\nvars:\n", "  v@: $v@\n")
lines("vars that hold", f"layers: [{X}]\nvars:\n  v0: 1\n", "  v@: [$v^]\n")
lines("vars that hold in maps", f"layers: [{X}]\nvars:\n  v0: 1\n", "  v@: {a: $v^}\n")
lines(
    "vars that hold and are printed", "vars:\n  v0: 1\n", "  v@: [$v^]\n", end="layers: [{type: Input, shape: $v100}]\n"
)
kind(
    "vars that lead and hold", lambda size: many(size - 60, f"layers: [{X}]\nvars:\n", "  v^: [$v@]\n") + "  last: 1\n"
)
lines("vars that hold in expressions", f"layers: [{X}]\nvars:\n  v0: 1\n", '  v@: "$([v^])"\n')
lines("vars that compare", f"layers: [{X}]\nvars:\n  v0: [1]\n", '  v@: "$([v^] == [v^])"\n')
lines("vars that count", f"layers: [{X}]\nvars:\n  v0: 1\n", "  v@: $(v^ + 1)\n")
lines("unknown values", f"layers: [{X}]\nvars:\n", "  v@: $w@\n")
lines("names to freeze", f"layers: [{X}, {{type: Dense, name: d, units: 3, repeat: 100}}]\nfreeze:\n", "  - d_@\n")
lines(
    "layers that freeze names",
    f"freeze: ['*9*', 'n?*', '*']\nlayers:\n  - {X}\n",
    "  - {type: Dense, name: n_@, units: 3}\n",
)
lines("misspelt values", f"layers: [{X}]\nvars:\n", "  value_@: $(valeu_@ + 1)\n")
lines("ranges", f"layers: [{X}]\nvars:\n", "  v@: $(range(10000))\n")
lines("ranges in lists", f"layers: [{X}]\nvars:\n  r: $(range(10000))\n", "  v@: [$r]\n")
lines("long texts", f"layers: [{X}]\nvars:\n  t: {'a' * 9000}\n", "  v@: $(t)\n")
lines("long texts filled in", f"layers: [{X}]\nvars:\n  t: {'a' * 9000}\n", "  v@: -$(t)\n")
lines("long texts joined", f"layers: [{X}]\nvars:\n  t: {'a' * 9000}\n", "  v@: $(t + '@')\n")
lines("lists repeated", f"layers: [{X}]\nvars:\n", "  v@: $([1] * 9999)\n")
lines("lists joined", f"layers: [{X}]\nvars:\n  r: $(range(5000))\n", "  v@: $(r + r)\n")
lines("lists searched", f"layers: [{X}]\nvars:\n  r: $(range(9999))\n", "  v@: $(-1 in r)\n")
lines("lists compared", f"layers: [{X}]\nvars:\n  r: $(range(9999))\n  s: $(range(9999))\n", "  v@: $(r == s)\n")
lines("lists measured", f"layers: [{X}]\nvars:\n  r: $(range(9999))\n", "  v@: $(max(r) + len(r))\n")
lines(
    "lists computed of nothing",
    f"layers: [{X}]\nvars:\n  r: $(range(9999))\n",
    "  v@: $([0 for a in r for b in r if b < 0])\n",
)
lines("lists sliced", f"layers: [{X}]\nvars:\n  r: $(range(9999))\n", "  v@: $(r[::-1])\n")
lines("lists in lists computed", f"layers: [{X}]\nvars:\n  r: $(range(99))\n", "  v@: $([[a for a in r] for b in r])\n")
lines("vars with descriptions", f"layers: [{X}]\nvars:\n  v0: 1\n", "  v@: {default: $(v^ + 1), description: v@}\n")
lines("powers", f"layers: [{X}]\nvars:\n", "  v@: $(2**62 % @)\n")
lines("roots of negative numbers", f"layers: [{X}]\nvars:\n", "  v@: $((-8) ** 0.5)\n")
lines("divisions by zero", f"layers: [{X}]\nvars:\n", "  v@: $(@ / 0)\n")
lines("incomplete expressions", f"layers: [{X}]\nvars:\n", "  v@: $(@ +)\n")
lines("open expressions", f"layers: [{X}]\nvars:\n", "  v@: $(@\n")
lines("attributes", f"layers: [{X}]\nvars:\n", "  v@: $(v@.a)\n")
one("a long expression", f"layers: [{X}]\nvars: {{v: $(1", "+1", ")}")
one("a deep expression", f"layers: [{X}]\nvars: {{v: $(", "(", ")}")
lines("deep expressions", f"layers: [{X}]\nvars:\n", f"  v@: $({'(' * 150}@{')' * 150})\n")
lines("deep lists in expressions", f"layers: [{X}]\nvars:\n", f'  v@: "$({"[" * 90}@{"]" * 90})"\n')
lines("signs in expressions", f"layers: [{X}]\nvars:\n", f"  v@: $({'-' * 900}@)\n")
one("expressions in a text", f"layers: [{X}]\nvars: {{v: a", "$(1)", "}")
listed("formulas in a list", f"layers: [{X}]\nvars: {{v: [", "$(@+1)", "]}")
listed("formulas in a text", f'layers: [{X}]\nvars: {{v: "', "$(@+1)", '"}')
lines(
    "counts that are computed",
    f"blocks: {{b: {{inputs: [x], layers: [{{type: ReLU, name: r}}], outputs: [r]}}}}\nlayers:\n- {X}\n",
    "- {type: b, repeat: $(len(range(9999)) - 9998)}\n",
)
one("dollars", f"layers: [{X}]\nvars: {{v: ", "$", "}")
one("dollars and brackets", f"layers: [{X}]\nvars: {{v: ", "$(", "}")
one("dollars, brackets and quotes", f"layers: [{X}]\nvars: {{v: ", "$('", "}")
one("dollars before a name", f"layers: [{X}]\nvars: {{v: 1, w: a", "$v ", "}")
listed("values in a list", f"layers: [{X}]\nvars: {{v: 1, w: [", "$v", "]}")
listed("values in a map", f"layers: [{X}]\nvars: {{v: 1, w: {{", "k@: $v", "}}")
listed("wrong values in a list", f"layers: [{X}]\nvars: {{v: 1, w: [", "$u", "]}")
TENFOLD = ", ".join(["$a^"] * 10)
DENSE = f"layers: [{X}, {{type: Dense, units: 1, kernel_initializer: {{type: Constant, value: $a@}}}}]"
doubling("lists of lists", "[1, 1]", f"[{TENFOLD}]", DENSE)
doubling("lists of lists in a shape", "[1, 1]", f"[{TENFOLD}]", "layers: [{type: Input, shape: $a@}]")
doubling("lists of lists, measured", "[1, 1]", f"[{TENFOLD}]", f"layers: [{X}, {{type: Dense, units: $(len(a@))}}]")
doubling(
    "lists of lists, compared",
    "[1, 1]",
    f"[{TENFOLD}]",
    f'layers: [{X}, {{type: Dense, units: "$(1 if a@ == [a@][0] else 2)"}}]',
)
doubling("lists of lists, nobody's", "[1, 1]", f"[{TENFOLD}]", f"layers: [{X}]")
doubling("lists that double", "[1, 1]", "$(a^ + a^)", f"layers: [{X}]")
doubling("lists that double inside", "[1, 1]", '"$([a^, a^])"', f"layers: [{X}]")
doubling("maps of maps", "{a: 1}", "{a: $a^, b: $a^}", DENSE, 60)
doubling(
    "maps of maps as an initializer",
    "{a: 1}",
    "{a: $a^, b: $a^}",
    f"layers: [{X}, {{type: Dense, units: 1, kernel_initializer: $a@}}]",
    60,
)
doubling("maps of maps in expect", "{a: 1}", "{a: $a^, b: $a^}", f"layers: [{X}, ReLU]\nexpect: $a@", 60)
doubling("maps of maps in compile", "{a: 1}", "{a: $a^, b: $a^}", f"layers: [{X}, ReLU]\ncompile: {{loss: $a@}}", 60)
doubling(
    "texts in texts", "'0123456789'", '"' + "$(a^)" * 10 + '"', f"layers: [{X}, {{type: Dense, units: 3, name: $a@}}]"
)
doubling("texts that double", "'0123456789'", "$(a^ + a^)", f"layers: [{X}, {{type: Dense, units: 3, name: $a@}}]")
doubling("aliases of aliases", "&a0 [1, 1]", f"&a@ [{TENFOLD.replace('$', '*')}]", f"layers: [{X}]")
doubling(
    "aliases of aliases up to the limit",
    "&a0 [1, 1]",
    f"&a@ [{TENFOLD.replace('$', '*')}]",
    f"layers: [{X}, {{type: Dense, units: $a@}}]",
    6,
)
doubling(
    "aliases in a shape", "&a0 [1, 1]", f"&a@ [{TENFOLD.replace('$', '*')}]", "layers: [{type: Input, shape: *a@}]", 5
)
doubling("aliases of maps", "&a0 {a: 1}", "&a@ {a: *a^, b: *a^, c: $(1)}", f"layers: [{X}]", 21)
doubling("numbers that grow", "2", "$(a^ * a^)", f"layers: [{X}]")
lines("aliases of one list", f"vars:\n  v: &a [{', '.join(['1'] * 1000)}]\n  w:\n", "  - *a\n", end=f"layers: [{X}]")
lines(
    "aliases of one expression",
    "vars:\n  u: 1\n  v: &a [" + ", ".join(["$u"] * 100) + "]\n  w:\n",
    "  - *a\n",
    end=f"layers: [{X}]",
)
lines("aliases of one item", f"layers:\n- {X}\n- &a {{type: Dense, units: 3, activation: relu}}\n", "- *a\n")
lines("set values", f"layers: [{X}]\nvars: {{v: 1}}\nvariants:\n", "  v@: {v: $(1 + @)}\n")
lines("set unknown values", f"layers: [{X}]\nvars: {{v: 1}}\nvariants:\n", "  v@: {w: 1}\n")
listed("one variant", f"layers: [{X}]\nvars: {{v: 1}}\nvariants: {{a: {{", "w@: 1", "}}")
lines(
    "variants of many vars",
    f"layers: [{X}]\nvars:\n" + "".join(f"  v{n}: 1\n" for n in range(500)) + "variants:\n",
    "  v@: {v1: $v2}\n",
)
lines("unknown defaults", f"layers: [{X}]\ndefaults:\n", "  D@: {a: 1}\n")
listed("unknown arguments of defaults", f"layers: [{X}]\ndefaults: {{Dense: {{", "a@: 1", "}}")
lines("defaults used", f"defaults: {{Dense: {{units: 3, activation: relu}}}}\nlayers:\n- {X}\n", "- Dense\n")

# -- Layers --------------------------------------------------------------------------------------------------------------

lines("layers", f"layers:\n- {X}\n", "- ReLU\n")
lines("layers with arguments", f"layers:\n- {X}\n", "- {type: Dense, units: 3, activation: relu}\n")
lines("layers of different sizes", f"layers:\n- {X}\n", "- {type: Dense, units: @}\n")
lines("layers with names", f"layers:\n- {X}\n", "- {type: Dense, units: 3, name: d@}\n")
lines("layers with values", f"vars: {{w: 3}}\nlayers:\n- {X}\n", "- {type: Dense, units: $w}\n")
lines("layers with expressions", f"vars: {{w: 3}}\nlayers:\n- {X}\n", "- {type: Dense, units: $(w * @)}\n")
lines("layers that fail", f"layers:\n- {X}\n", "- Dense\n")
lines("layers of the wrong rank", f"layers:\n- {X}\n", "- {type: Conv2D, filters: 1, kernel_size: 1, from: x}\n")
lines("unknown layers", f"layers:\n- {X}\n", "- Dens@\n")
lines("one unknown layer", f"layers:\n- {X}\n", "- Dens\n")
lines("unknown arguments", f"layers:\n- {X}\n", "- {type: ReLU, unist: @}\n")
lines("wrong arguments", f"layers:\n- {X}\n", "- {type: ReLU, max_value: a}\n")
lines("wrong activations", f"layers:\n- {X}\n", "- {type: Dense, units: 3, activation: rel@}\n")
lines("equal names", f"layers:\n- {X}\n", "- {type: ReLU, name: a}\n")
lines("names of another case", f"layers:\n- {X}\n", "- {type: ReLU, name: A@}\n- {type: ReLU, name: a@}\n")
lines("automatic names that are taken", f"layers:\n- {X}\n", "- {type: ReLU, name: re_lu_@}\n- ReLU\n")
lines("inputs", "layers:\n", "- {type: Input, name: x@, shape: [3]}\n")
lines("inputs joined", "layers:\n", "- {type: Input, name: x@, shape: [3]}\n", end="- {type: Add, name: a}\n")
lines("wrong inputs", "layers:\n", "- {type: Input, name: x@, shape: [0]}\n")
listed("a long shape", "layers: [{type: Input, shape: [", "1", "]}, ReLU]")
listed("a long wrong shape", "layers: [{type: Input, shape: [", "a", "]}, ReLU]")
listed("a long target", f"layers: [{X}, {{type: Reshape, target_shape: [", "1", "]}]")
listed("a long permutation", f"layers: [{X}, {{type: Permute, dims: [", "@", "]}]")
listed("a long mean", f"layers: [{X}, {{type: Normalization, variance: 1, mean: [", "@", "]}]")
listed(
    "a vocabulary", "layers: [{type: Input, shape: [3], dtype: string}, {type: StringLookup, vocabulary: [", "w@", "]}]"
)
listed(
    "a vocabulary of one word",
    "layers: [{type: Input, shape: [3], dtype: string}, {type: StringLookup, vocabulary: [",
    "a",
    "]}]",
)
listed(
    "a vocabulary of numbers",
    "layers: [{type: Input, shape: [3], dtype: int32}, {type: IntegerLookup, vocabulary: [",
    "@",
    "]}]",
)
listed(
    "a wrong vocabulary",
    "layers: [{type: Input, shape: [3], dtype: string}, {type: StringLookup, vocabulary: [",
    "@",
    "]}]",
)
listed("bin boundaries", f"layers: [{X}, {{type: Discretization, bin_boundaries: [", "@", "]}]")
one("an equation", f"layers: [{X}, {{type: EinsumDense, output_shape: 3, equation: 'ab,bc->", "a", "'}]")
one("an equation of ellipses", f"layers: [{X}, {{type: EinsumDense, output_shape: 3, equation: '", "...", "'}]")
listed("an equation of operands", f"layers: [{X}, {{type: ops.einsum, from: x, subscripts: '", "ab", "->ab'}]")
listed(
    "a constant", f"layers: [{X}, {{type: Dense, units: 3, kernel_initializer: {{type: Constant, value: [", "1", "]}}]"
)
listed("cells", "layers: [{type: Input, shape: [3, 3]}, {type: RNN, cell: [", "{type: GRUCell, units: 3}", "]}]")
listed("wrong cells", "layers: [{type: Input, shape: [3, 3]}, {type: RNN, cell: [", "{type: GRUCel, units: 3}", "]}]")
listed("a pipeline", "layers: [{type: Input, shape: [3, 3, 3]}, {type: Pipeline, layers: [", "RandomFlip", "]}]")
lines(
    "wrappers",
    "layers:\n- {type: Input, shape: [3, 3]}\n",
    "- {type: TimeDistributed, layer: {type: Dense, units: 3}}\n",
)
lines(
    "deep wrappers",
    f"layers:\n- {{type: Input, shape: [{', '.join(['1'] * 7)}]}}\n",
    f"- {'{type: TimeDistributed, layer: ' * 80}ReLU{'}' * 80}\n",
)
lines("operations", f"layers:\n- {X}\n", "- ops.abs\n")
lines("operations of two", f"layers:\n- {X}\n", "- {type: ops.add, from: [x, x]}\n")
lines("unknown operations", f"layers:\n- {X}\n", "- ops.ab@\n")
listed("pads", f"layers: [{X}, {{type: ops.pad, pad_width: [", "[1, 1]", "]}]")
listed("constant calls", f"layers: [{X}, {{type: ReLU, call: {{", "k@: 1", "}}]")
lines(
    "frozen layers",
    "layers:\n- {type: Input, shape: [3, 3]}\n",
    "- {type: LSTM, units: 3, return_sequences: true, trainable: false}\n",
)
lines("losses of weight", f"layers:\n- {X}\n", "- {type: Dense, units: 3, kernel_regularizer: {type: L2, l2: 0.@}}\n")
lines("dtypes", f"layers:\n- {X}\n", "- {type: ReLU, dtype: float@}\n")

# -- Wires ---------------------------------------------------------------------------------------------------------------

lines("a fan", f"layers:\n- {X}\n", "- {type: ReLU, name: a@, from: x}\n")
lines("a fan joined again", f"layers:\n- {X}\n", "- {type: ReLU, name: a, from: x, each: {i: [1, 2]}}\n" * 1)
listed("a wide join", f"layers: [{X}, {{type: Add, from: [", "x", "]}]")
listed("a wide join of unknown names", f"layers: [{X}, {{type: Add, from: [", "y@", "]}]")
listed("a wide from of one input", f"layers: [{X}, {{type: ReLU, from: [", "x", "]}]")
listed("a wide map", f"layers: [{X}, {{type: Add, from: {{", "k@: x", "}}]")
listed("a concatenation", f"layers: [{X}, {{type: Concatenate, from: [", "x", "]}]")
listed("a wide operation", f"layers: [{X}, {{type: ops.concatenate, from: [", "x", "]}]")
listed("a wide product", f"layers: [{X}, {{type: ops.meshgrid, from: [", "x", "]}]")
lines("a ring", "layers:\n", "- {type: ReLU, name: a@, from: a^}\n", end="- {type: ReLU, name: a0, from: a1}\n")
lines("rings", f"layers:\n- {X}\n", "- {type: ReLU, name: a@, from: b@}\n- {type: ReLU, name: b@, from: a@}\n")
lines("layers that feed themselves", f"layers:\n- {X}\n", "- {type: ReLU, name: a@, from: a@}\n")
kind(
    "a chain upside down",
    lambda size: (
        "layers:\n"
        + "".join(f"- {{type: ReLU, name: a{n}, from: a{n - 1}}}\n" for n in range(size // 42, 1, -1))
        + f"- {X}\n- {{type: ReLU, name: a1, from: x}}\n"
    ),
)
lines("unknown names", f"layers:\n- {X}\n", "- {type: ReLU, from: y@}\n")
lines("one unknown name", f"layers:\n- {X}\n", "- {type: ReLU, from: y}\n")
lines("unknown ports", f"layers:\n- {X}\n", "- {type: ReLU, from: x.a@}\n")
one("a long reference", f"layers: [{X}, {{type: ReLU, from: x", ".a", "}]")
one("a port of many digits", f"layers: [{X}, {{type: ReLU, from: x.", "1", "}]")
one("a port of superscripts", f"layers: [{X}, {{type: ReLU, from: x.", "²", "}]")
lines(
    "layers that lead nowhere",
    f"layers:\n- {X}\n- {{type: ReLU, name: y}}\n",
    "- {type: ReLU, from: x}\n",
    end="outputs: [y]\n",
)
lines(
    "inputs that lead nowhere",
    f"layers:\n- {X}\n- {{type: ReLU, name: y}}\n",
    "- {type: Input, name: x@, shape: [3]}\n",
    end="outputs: [y]\n",
)
listed("outputs", f"layers: [{X}, {{type: ReLU, name: y}}]\noutputs: [", "y", "]")
listed("unknown outputs", f"layers: [{X}, {{type: ReLU, name: y}}]\noutputs: [", "y@", "]")
listed("labels", f"layers: [{X}, {{type: ReLU, name: y}}]\noutputs: {{", "l@: y", "}")
lines("outputs that are ports", f"layers:\n- {X}\n- {{type: ReLU, name: y}}\noutputs:\n", "- y.0\n")
lines("multiplied outputs", f"layers:\n- {X}\n", "- {type: ReLU, name: y@, from: x}\n", end="")
listed("a path", f"layers: [{X}, {{type: ReLU, name: y}}]\nedges: [[x, y,", "y", "]]")
lines("edges", f"layers: [{X}, {{type: Add, name: y}}]\nedges:\n", "- [x, y]\n")
lines("edges of maps", f"layers: [{X}, {{type: Add, name: y}}]\nedges:\n", "- {from: x, to: y}\n")
lines("edges to an argument", f"layers: [{X}, {{type: Add, name: y}}]\nedges:\n", "- {from: x, to: y.inputs}\n")
lines("edges of unknown names", f"layers: [{X}, {{type: Add, name: y}}]\nedges:\n", "- [x@, y@]\n")
lines("edges that lack", "edges: [[x, y1]]\n" + f"layers:\n- {X}\n", "- {type: ReLU, name: y@}\n")
lines(
    "edges without inputs",
    "edges: [[x1, y]]\nlayers:\n- {type: ReLU, name: y}\n",
    "- {type: Input, name: x@, shape: [3]}\n",
)
listed("brackets that JSON lacks", '{"layers": [', '{"type": "ReLU"]', "]}")
lines("arguments as entries", f"layers:\n- {X}\n", "- type: Dense\n- units: 4\n")
lines("commas after items", f"layers:\n- {X}\n", "- {type: ReLU},\n")
lines(
    "branches that lead nowhere",
    f"outputs: [y]\nlayers:\n- {X}\n- {{type: ReLU, name: y}}\n",
    "- {type: ReLU, from: x}\n",
)
lines("edges and from", f"layers: [{X}, {{type: Add, name: y, from: x}}]\nedges:\n", "- [x, y]\n")
kind(
    "a chain of edges",
    lambda size: (
        f"layers:\n- {X}\n"
        + "".join(f"- {{type: ReLU, name: a{n}}}\n" for n in range(size // 45))
        + "edges:\n- [x, a0]\n"
        + "".join(f"- [a{n}, a{n + 1}]\n" for n in range(size // 45 - 1))
    ),
)

# -- Sizes from shapes -------------------------------------------------------------------------------------------------

ASKED = '"$(shape(d^)[-1])"'
lines(
    "shapes above",
    f"layers:\n- {X}\n- {{type: Dense, name: d0, units: 3}}\n",
    f"- {{type: Dense, name: d@, units: {ASKED}}}\n",
)
lines(
    "shapes below",
    f"layers:\n- {X}\n- {{type: Dense, name: d0, units: 3}}\n",
    f"- {{type: Dense, name: d^, units: {ASKED.replace('^', '@')}}}\n",
)
lines("shapes of nothing", f"layers:\n- {X}\n", f"- {{type: Dense, name: d@, units: {ASKED.replace('d^', 'e@')}}}\n")
lines(
    "shapes of what is wrong",
    f"layers:\n- {X}\n",
    f"- {{type: Conv1D, name: d^, filters: 3, kernel_size: 1}}\n- {{type: Dense, name: e@, units: {ASKED}}}\n",
)
lines(
    "shapes that decide",
    f"layers:\n- {X}\n- {{type: Dense, name: d0, units: 3}}\n",
    "- {type: Dense, name: d@, units: 3, when: $(shape(d^)[-1:] == [4])}\n".replace("$(", '"$(').replace("])}", '])"}'),
)
kind(
    "shapes of copies",
    lambda _: (
        f'layers: [{X}, {{type: Dense, name: d, units: 3, repeat: 9000}}, {{type: Dense, units: "$(sum([shape(d[i])[-1] for i in range(3000)]))"}}]'
    ),
)
lines(
    "shapes of all copies",
    f"layers:\n- {X}\n- {{type: Dense, name: d, units: 3, each: {{n: $(range(3000))}}}}\n",
    '- {type: Dense, units: "$(shape(d)[-1])", repeat: 20}\n',
)
kind(
    "shapes in copies",
    lambda _: (
        f'blocks: {{b: {{inputs: [x], layers: [{{type: Dense, name: d, units: "$(shape(x)[-1])"}}], outputs: [d]}}}}\nlayers: [{X}, {{type: b, repeat: 3000}}]'
    ),
)
lines(
    "shapes in models",
    f'blocks: {{b: {{inputs: [x], layers: [{{type: Dense, name: d, units: "$(shape(x)[-1])"}}], outputs: [d]}}}}\nlayers:\n- {X}\n',
    "- {type: b, nested: true}\n",
)
lines(
    "edges with shapes",
    f"layers:\n- {X}\n- {{type: Dense, name: d, units: 3}}\nedges:\n- [x, d]\n",
    "- [\"$('x' if shape(x)[-1] else 3)\", d]\n",
)
# -- Copies, blocks, shared calls ------------------------------------------------------------------------------------------

BLOCK = "blocks: {b: {inputs: [x], layers: [{type: Dense, name: d, units: 3}], outputs: [d]}}"
lines("a repetition", f"layers: [{X}, {{type: Dense, units: 3, repeat: 20000}}]")
lines("a repetition too many", f"layers: [{X}, {{type: Dense, units: 3, repeat: 300000}}]")
one("a repetition of many digits", f"layers: [{X}, {{type: Dense, units: 3, repeat: ", "9", "}]")
lines("repetitions", f"layers:\n- {X}\n", "- {type: ReLU, repeat: 2}\n")
lines("repetitions of nothing", f"layers:\n- {X}\n", "- {type: ReLU, repeat: 0}\n")
lines("a repetition that fails", f"layers: [{X}, {{type: Dense, units: 0, repeat: 20000}}]")
lines("a repetition whose copies fail", f"layers: [{X}, {{type: Dense, units: $(0 - index), repeat: 20000}}]")
lines(
    "a repetition of long arguments",
    f"layers: [{X}, {{type: Normalization, variance: 1, mean: [{', '.join(['1'] * 1000)}], repeat: 20000}}]",
)
lines(
    "a repetition of long values",
    f"vars: {{r: $(range(9000))}}\nlayers: [{X}, {{type: Dense, units: 3, kernel_initializer: {{type: Constant, value: $r}}, repeat: 20000}}]",
)
lines("a repetition of long names", f"layers: [{X}, {{type: ReLU, name: {'a' * 200}, repeat: 20000}}]")
listed("copies side by side", f"layers: [{X}, {{type: Dense, units: $u, from: x, each: {{u: [", "@", "]}}]")
listed("copies of wrong values", f"layers: [{X}, {{type: Dense, units: $u, from: x, each: {{u: [", "a@", "]}}]")
listed("copies of many values", f"layers: [{X}, {{type: Dense, units: 3, from: x, each: {{", "u@: [1, 2]", "}}]")
listed(
    "copies of unlike lists", f"layers: [{X}, {{type: Dense, units: 3, from: x, each: {{", "u@: [1], v@: [1, 2]", "}}]"
)
COPIES = f"layers:\n- {X}\n- {{type: ReLU, name: d, from: x, each: {{i: $(range(10000))}}}}\n"
lines("joins of copies", COPIES, "- {type: Add, from: d}\n")
lines("joins of joins", COPIES, "- {type: Add, from: [d, d, d, d, d, d, d, d]}\n")
lines("copies for one", COPIES, "- {type: ReLU, from: d}\n")
lines(
    "joins of few copies",
    f"layers:\n- {X}\n- {{type: ReLU, name: d, from: x, each: {{i: $(range(500))}}}}\n",
    "- {type: Add, from: d}\n",
)
listed("outputs that are copies", COPIES + "outputs: [", "d", "]")
lines("unknown copies", COPIES, "- {type: ReLU, from: d_@0000}\n")
lines("blocks", f"layers: [{X}, ReLU]\nblocks:\n", "  b@: {inputs: [x], layers: [ReLU], outputs: [x]}\n")
lines(
    "blocks used",
    f"layers: [{X}, {{type: b1}}]\nblocks:\n  b0: {{inputs: [x], layers: [ReLU], outputs: [x]}}\n",
    "  b@: {inputs: [x], layers: [b^], outputs: [x]}\n",
)
lines(
    "blocks in blocks",
    f"layers: [{X}, {{type: b^}}]\nblocks:\n  b0: {{inputs: [x], layers: [{{type: ReLU, name: y}}], outputs: [y]}}\n".replace(
        "^", "5000"
    ),
    "  b@: {inputs: [x], layers: [{type: b^, name: y}], outputs: [y]}\n",
)
lines(
    "a block in itself",
    f"layers: [{X}, {{type: b1}}]\nblocks:\n",
    "  b@: {inputs: [x], layers: [{type: b@, name: y}], outputs: [y]}\n",
)
kind(
    "blocks in a cycle",
    lambda size: (
        many(
            size - 100,
            f"layers: [{X}, {{type: b1}}]\nblocks:\n",
            "  b@: {inputs: [x], layers: [{type: b^, name: y}], outputs: [y]}\n",
        )
        + "  b0: {inputs: [x], layers: [{type: b1, name: y}], outputs: [y]}\n"
    ),
)
lines("instances", f"{BLOCK}\nlayers:\n- {X}\n", "- b\n")
lines(
    "instances with arguments",
    f"{BLOCK.replace('{inputs', '{args: {n: 1}, inputs').replace('3', '$n')}\nlayers:\n- {X}\n",
    "- {type: b, n: @}\n",
)
lines("instances with wrong arguments", f"{BLOCK}\nlayers:\n- {X}\n", "- {type: b, n: @}\n")
lines(
    "instances that fail",
    f"{BLOCK.replace('3', '$n').replace('{inputs', '{args: {n: null}, inputs')}\nlayers:\n- {X}\n",
    "- {type: b, n: -@}\n",
)
lines("nested models", f"{BLOCK}\nlayers:\n- {X}\n", "- {type: b, nested: true}\n")
lines("instances repeated", f"{BLOCK}\nlayers:\n- {X}\n", "- {type: b, repeat: 2}\n")
lines("nested models repeated", f"{BLOCK}\nlayers: [{X}, {{type: b, nested: true, repeat: 5000}}]")
lines("members", f"{BLOCK}\nlayers:\n- {X}\n- {{type: b, name: i}}\n", "- {type: ReLU, from: i.d}\n")
lines("unknown members", f"{BLOCK}\nlayers:\n- {X}\n- {{type: b, name: i}}\n", "- {type: ReLU, from: i.e@}\n")
listed(
    "a block of many arguments",
    f"layers: [{X}, {{type: b}}]\nblocks: {{b: {{inputs: [x], layers: [ReLU], outputs: [x], args: {{",
    "a@: 1",
    "}}}",
)
listed(
    "a block of growing arguments",
    f"layers: [{X}, {{type: b, name: i}}]\nblocks: {{b: {{inputs: [x], layers: [{{type: ReLU, name: y}}], outputs: [y], args: {{a0: 1, ",
    '"a@": "$a^"',
    "}}}",
)
listed(
    "a block of many inputs",
    f"layers: [{X}, {{type: b}}]\nblocks: {{b: {{layers: [ReLU], outputs: [x], inputs: [",
    "a@",
    "]}}",
)
listed(
    "a block of equal inputs",
    f"layers: [{X}, {{type: b}}]\nblocks: {{b: {{layers: [ReLU], outputs: [x], inputs: [",
    "a",
    "]}}",
)
listed(
    "a block of many outputs",
    f"layers: [{X}, {{type: b, name: i}}]\nblocks: {{b: {{inputs: [x], layers: [{{type: ReLU, name: y}}], outputs: {{",
    "o@: y",
    "}}}",
)
listed(
    "a block of many outputs nested",
    f"layers: [{X}, {{type: b, name: i, nested: true}}]\nblocks: {{b: {{inputs: [x], layers: [{{type: ReLU, name: y}}], outputs: {{",
    "o@: y",
    "}}}",
)
listed(
    "a block of unknown outputs",
    f"layers: [{X}, {{type: b, name: i}}]\nblocks: {{b: {{inputs: [x], layers: [ReLU], outputs: [",
    "o@",
    "]}}",
)
lines(
    "a large block never used",
    f"layers: [{X}, ReLU]\nblocks:\n  b:\n    inputs: [x]\n    outputs: [y]\n    layers:\n",
    "    - {type: Dens@, from: z@}\n",
)
lines(
    "a large block used",
    f"layers: [{X}, {{type: b, name: i}}]\nblocks:\n  b:\n    inputs: [x]\n    outputs: [y]\n    layers:\n    - {{type: ReLU, name: y}}\n",
    "    - {type: ReLU, name: a@, from: x}\n",
)
lines(
    "blocks of unlike sizes",
    f"layers: [{X}, {{type: b, n: $index, repeat: 1000}}]\nblocks: {{b: {{args: {{n: 1}}, inputs: [x], layers: [{{type: ReLU, name: y, repeat: $n}}], outputs: [y]}}}}",
)
lines(
    "copies of copies",
    "layers: ["
    + X
    + ", {type: b3, name: a, repeat: 60}]\nblocks:\n  b0: {inputs: [x], layers: [{type: ReLU, name: y}], outputs: [y]}\n"
    + "".join(
        f"  b{n}: {{inputs: [x], layers: [{{type: b{n - 1}, name: y, repeat: 15}}], outputs: [y]}}\n" for n in (1, 2, 3)
    ),
)
lines(
    "copies without end",
    "layers: ["
    + X
    + ", {type: b20, name: a}]\nblocks:\n  b0: {inputs: [x], layers: [{type: ReLU, name: y}], outputs: [y]}\n"
    + "".join(
        f"  b{n}: {{inputs: [x], layers: [{{type: b{n - 1}, name: y, repeat: 15}}], outputs: [y]}}\n"
        for n in range(1, 21)
    ),
)
lines(
    "nested copies without end",
    "layers: ["
    + X
    + ", {type: b20, name: a, nested: true}]\nblocks:\n  b0: {inputs: [x], layers: [{type: ReLU, name: y}], outputs: [y]}\n"
    + "".join(
        f"  b{n}: {{inputs: [x], layers: [{{type: b{n - 1}, name: y, nested: true}}, {{type: b{n - 1}, nested: true, name: z}}], outputs: [y]}}\n"
        for n in range(1, 21)
    ),
)
lines("shared calls", f"layers:\n- {X}\n- {{type: Dense, name: d, units: 3}}\n", "- {share: d}\n")
lines("shares of shares", f"layers:\n- {X}\n- {{type: Dense, name: d0, units: 3}}\n", "- {share: d^, name: d@}\n")
kind(
    "shares of shares upside down",
    lambda size: (
        f"layers:\n- {X}\n"
        + "".join(f"- {{share: d{n + 1}, name: d{n}}}\n" for n in range(size // 34))
        + f"- {{type: Dense, name: d{size // 34}, units: 3}}\n"
    ),
)
kind(
    "shares in a cycle",
    lambda size: many(size - 30, f"layers:\n- {X}\n", "- {share: d@, name: d^}\n") + "- {share: d0, name: last}\n",
)
lines("shares of themselves", f"layers:\n- {X}\n", "- {share: d@, name: d@}\n")
lines("unknown shares", f"layers:\n- {X}\n", "- {share: d@}\n")
lines("shared instances", f"{BLOCK}\nlayers:\n- {X}\n- {{type: b, name: i}}\n", "- {share: i}\n")
lines("shares of shared instances", f"{BLOCK}\nlayers:\n- {X}\n- {{type: b, name: i0}}\n", "- {share: i^, name: i@}\n")
lines("absent layers", f"layers:\n- {X}\n", "- {type: ReLU, when: false}\n")
lines(
    "absent layers by name",
    f"layers:\n- {X}\n- {{type: ReLU, name: a0}}\n",
    "- {type: ReLU, when: false, name: a@, from: a^}\n",
    end="- {type: ReLU}\n",
)
kind(
    "absent layers upside down",
    lambda size: (
        f"layers:\n- {X}\n- {{type: ReLU, from: a0}}\n"
        + "".join(f"- {{type: ReLU, name: a{n}, from: a{n + 1}, when: false}}\n" for n in range(size // 54))
        + f"- {{type: ReLU, name: a{size // 54}, from: x}}\n"
    ),
)
kind(
    "absent layers in a cycle",
    lambda size: (
        many(size - 60, f"layers:\n- {X}\n", "- {type: ReLU, name: a^, from: a@, when: false}\n")
        + "- {type: ReLU, name: last, from: a0}\n"
    ),
)
lines(
    "absent layers with else",
    f"layers:\n- {X}\n- {{type: ReLU, name: a0}}\n",
    "- {type: ReLU, when: false, name: a@, else: a^}\n",
    end="- {type: ReLU}\n",
)
lines(
    "absent copies of copies",
    COPIES,
    "- {type: ReLU, name: e@, when: false, else: d, each: {i: $(range(99))}}\n- {type: Add, from: e@}\n",
)
lines(
    "absent layers that pass copies", COPIES, "- {type: Add, when: false, else: d, name: e@}\n- {type: Add, from: e@}\n"
)

# -- Training and contracts --------------------------------------------------------------------------------------------------

MODEL = f"layers: [{X}, {{type: Dense, name: y, units: 3}}]\n"
listed("losses", MODEL + "compile: {loss: [", "mse", "]}")
listed("wrong losses", MODEL + "compile: {loss: [", "mze@", "]}")
listed("losses by name", MODEL + "compile: {loss: {", "y@: mse", "}}")
listed("metrics", MODEL + "compile: {loss: mse, metrics: [", "mse", "]}")
listed("wrong metrics", MODEL + "compile: {loss: mse, metrics: [", "f@", "]}")
listed("lists of metrics", MODEL + "compile: {loss: mse, metrics: [", "[mse]", "]}")
listed("metrics by name", MODEL + "compile: {loss: mse, metrics: {", "y@: [mse]", "}}")
listed("loss weights", MODEL + "compile: {loss: mse, loss_weights: [", "1", "]}")
listed("unknown keys of compile", MODEL + "compile: {", "k@: 1", "}")
listed(
    "schedules",
    MODEL
    + "compile: {optimizer: {type: Adam, learning_rate: {type: PiecewiseConstantDecay, values: [1], boundaries: [",
    "@",
    "]}}}",
)
listed("thresholds", MODEL + "compile: {loss: mse, metrics: [{type: Precision, thresholds: [", "0.5", "]}]}")
nested("metrics in metrics", MODEL + "compile: {metrics: ", "{type: MeanMetricWrapper, fn: "[:20], "1", "}", "}")
listed("expectations", MODEL + "expect: {", "k@: 1", "}")
listed("expected outputs", MODEL + "expect: {outputs: {", "y@: [1]", "}}")
listed("an expected shape", MODEL + "expect: {outputs: {y: [", "1", "]}}")
one("an expected number", MODEL + "expect: {params: '", "1", "'}")
one("an expected number of spaces", MODEL + "expect: {params: '", " ", "1'}")
one("an expected bound", MODEL + "expect: {params: '<", "1", ".5M'}")
one("an expected number without quotes", MODEL + "expect: {params: ", "1", "}")
one("a policy", MODEL + "dtype_policy: ", "a", "")


# -- What is meant otherwise, and what looks alike ---------------------------------------------------------------------------

LONG = "a" * 180
IMAGE = "{type: Input, name: x, shape: [8, 8, 3]}"
one("spaces after JSON", '{"layers": []}', " ", "")
one("blank lines in json", '{"layers": [', "\n", "]}")
one("blank lines alone", "", "\n", "a")
one("comments of xml", "", "<!---->", "a")
one("docstrings", "", '"""a"""\n', "x")
kind(
    "blank lines below deep maps",
    lambda size: "".join(f"{' ' * n}a:\n" for n in range(90)) + f"{' ' * 90}b: 1\n" + "\n" * (size - 5000),
)
kind(
    "anchors above unknown aliases",
    lambda size: many(size - 2000, "layers:\n", "- &a@ b\n") + "".join(f"- *b{n}\n" for n in range(100)),
)
one("a number of many digits", "layers: [{type: Dense, units: 1", "0", "}]")
one("a number of many digits in json", '{"layers": [{"type": "Dense", "units": 1', "0", "}]}")
lines("calls", "layers:\n", "- Dense(@)\n")
lines("calls by keys", "layers:\n", "- Dense(units: @, activation: relu)\n")
lines("lines of python", "layers:\n", "- x = Dense(@)(x)\n")
lines("a program", "", "x = Dense(@)(x)\n")
lines("tuples", "layers:\n", "- {type: Input, shape: (3, @)}\n")
lines("decimal commas", f"layers:\n- {X}\n", "- {type: Dropout, rate: 0,5}\n")
lines("decimal commas without a digit", f"layers:\n- {X}\n", "- {type: Dropout, rate: ,5}\n")
lines("bullets", "layers:\n", "* Dense\n")
lines("numbered entries", "layers:\n", "@. Dense\n")
lines("dashes without spaces", "layers:\n", "-Dense\n")
lines("keys without colons", "layers:\n", "- type Dense\n")
lines("commas at the end", "layers:\n", "- {type: Dense},\n")
lines("comments of other languages", "layers:\n", "- Dense // @\n")
lines("templates", "layers:\n", "- {type: Dense, units: ${u@}}\n")
lines("commands of templates", "layers:\n", "{% for i in x@ %}\n- Dense\n")
lines("curly quotes", "layers:\n", "- {type: \u201cDense\u201d}\n")
lines("keys of layers", "layers:\n", "- Dense: {units: @}\n")
lines("layers by name", "layers:\n", "  d@: {type: Dense, units: 1}\n")
listed("arrows", f"layers: [{X}]\nedges: [", '"a@ -> b@"', "]")
listed("words of python in json", '{"layers": [', "None", "]}")
listed("bare keys in json", '{"layers": [', "{a: 1}", "]}")
listed("comments in json", '{"layers": [', "1 // a\n", "]}")
listed("tuples in json", '{"layers": [', "(3,)", "]}")
lines("older names", f"layers:\n- {X}\n", "- {type: Linear, in_features: @, out_features: 3}\n")
lines("long names that miss", f"layers:\n- {X}\n", f"- {{type: ReLU, name: {LONG}@, from: {LONG}b^}}\n")
lines("long arguments that miss", f"layers:\n- {X}\n", f"- {{type: ReLU, {'negative_slop' * 12}@: 1}}\n")
lines("long values that miss", f"layers: [{X}]\nvars:\n", f"  {LONG}@: $({LONG}w@)\n")
lines("names that almost are", f"layers:\n- {X}\n", "- {type: ReLU, name: block_of_layers_@, from: blok_of_layers_^}\n")
listed("allowed warnings", f"layers: [{X}, ReLU]\nallow: [", "unused-var", "]")
listed("allowed nonsense", f"layers: [{X}, ReLU]\nallow: [", "a@", "]")
lines("layers that allow", f"layers:\n- {X}\n", "- {type: ReLU, allow: [unused-var]}\n")
lines(
    "copies side by side of few",
    f"layers:\n- {X}\n",
    "- {type: ReLU, name: a@, from: x, each: {i: [1, 2], j: [3, 4]}}\n",
)
lines("layers that may be absent", f"layers:\n- {X}\n", "- {type: ReLU, when: $(@ > 30)}\n")
lines("names that are computed", f"layers:\n- {X}\n", "- {type: ReLU, name: a_$(@ + 1)}\n")
lines(
    "initializers",
    f"layers:\n- {X}\n",
    "- {type: Dense, units: 3, kernel_initializer: {type: RandomNormal, stddev: 0.@}}\n",
)
lines("convolutions", f"layers:\n- {IMAGE}\n", "- {type: Conv2D, filters: 3, kernel_size: 3, padding: same}\n")
lines("convolutions that end", f"layers:\n- {IMAGE}\n", "- {type: Conv2D, filters: 3, kernel_size: 3}\n")
lines(
    "attention",
    "layers:\n- {type: Input, name: x, shape: [4, 8]}\n",
    "- {type: MultiHeadAttention, num_heads: 2, key_dim: 4, from: [x, x]}\n",
)
lines(
    "inputs beside joins",
    "layers:\n",
    "- {type: Input, name: a@, shape: [3]}\n- {type: Input, name: b@, shape: [3]}\n- Add\n",
)
lines(
    "attention without values", f"layers:\n- {X}\n", "- {type: MultiHeadAttention, num_heads: 2, key_dim: 4, from: x}\n"
)
lines("huge inputs", "layers:\n", "- {type: Input, name: x@, shape: [2147483647, 2147483647, 2147483647]}\n")
lines("huge layers", f"layers:\n- {X}\n", "- {type: Dense, units: 2147483647}\n")
lines("huge flat layers", "layers:\n- {type: Input, shape: [2147483647, 2147483647]}\n", "- Flatten\n")
lines("huge repetitions", f"layers:\n- {X}\n", "- {type: ReLU, repeat: 9223372036854775807}\n")
lines("huge products", f"layers:\n- {X}\n", "- {type: ReLU, from: x, each: {i: $(range(10000)), j: $(range(10000))}}\n")
doubling(
    "copies of values that grow",
    "[1, 1]",
    f"[{TENFOLD}]",
    f"layers: [{X}, {{type: ReLU, from: x, each: {{i: $a@}}}}]",
)


# -- In processes of their own -----------------------------------------------------------------------------------------------


class Ended(NamedTuple):
    """How a command on a text ended."""

    name: str
    code: int
    """The exit code; a negative one is the signal that killed it."""
    seconds: float
    """Of the processor."""
    mebibytes: int
    """The most memory, that of a process that does nothing left out."""
    said: str

    @property
    def well(self) -> bool:
        """Whether it was answered: sound, or with errors."""
        return self.code in (0, 1)


def answered(name: str, size: int, seconds: int, mebibytes: int, *command: str) -> Ended:
    """Run a command on a text of a kind, in a fork of this process that may take so much and no more."""
    text = KINDS[name](size)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "spec.json" if text.startswith('{"') else "spec.yaml")
        path.write_text(text, encoding="utf-8")
        said = Path(folder, "said")
        child = os.fork()
        if not child:
            _limited(path, said, seconds, mebibytes, command)
        _, status, used = os.wait4(child, 0)
        spent = used.ru_utime + used.ru_stime
        more = (used.ru_maxrss - resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) // 1024
        return Ended(name, os.waitstatus_to_exitcode(status), spent, max(0, more), said.read_text(errors="replace"))


def _limited(path: Path, said: Path, seconds: int, mebibytes: int, command: tuple[str, ...]) -> NoReturn:
    code = 70
    try:
        out = os.open(said, os.O_WRONLY | os.O_CREAT)
        os.dup2(out, 1)
        os.dup2(out, 2)
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        resource.setrlimit(resource.RLIMIT_AS, (pages * os.sysconf("SC_PAGE_SIZE") + (mebibytes << 20),) * 2)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        gc.disable()  # as the command does
        code = cli.run([*command, str(path)])
        sys.stdout.flush()
    finally:
        os._exit(code)


def warm() -> None:
    """Import what commands import when they need it, so that the forks need not."""
    for module in pkgutil.walk_packages(specc.__path__, "specc."):
        importlib.import_module(module.name)
    importlib.import_module("networkx")
    root = Path(__file__).resolve().parent.parent
    with contextlib.redirect_stdout(io.StringIO()):
        for spec in sorted(root.glob("specs/*.*"))[:5]:
            cli.run(["check", str(spec)])
            cli.run(["summary", "--format", "json", str(spec)])
        for spec in sorted(root.glob("tests/invalid/unknown-*.yaml")):
            cli.run(["check", str(spec)])
            cli.run(["check", "--format", "json", str(spec)])


def main() -> int:
    """The command line: a line for each kind; exit code 1 where one was not answered within the limits."""
    parser = argparse.ArgumentParser(prog="python -m tests.growing", description="Texts that grow, within limits.")
    parser.add_argument("names", nargs="*", metavar="KIND", help="all of them by default")
    parser.add_argument("--size", type=int, default=1 << 20, help="characters of each text")
    parser.add_argument("--seconds", type=int, default=2, help="of the processor, for each")
    parser.add_argument("--mebibytes", type=int, default=256, help="of memory, for each")
    parser.add_argument("--part", default="0/1", help="every so many kinds, from which on: 0/8")
    parser.add_argument("--command", default="check", help="such as 'summary --format json'")
    given = parser.parse_args()
    first, step = map(int, given.part.split("/"))
    warm()
    wrong = 0
    for name in given.names or list(KINDS)[first::step]:
        ended = answered(name, given.size, given.seconds, given.mebibytes, *given.command.split())
        wrong += not ended.well
        said = "" if ended.well else f" WRONG {ended.said[-300:]!r}"
        print(f"{ended.seconds:6.2f} s {ended.mebibytes:4} MiB  exit {ended.code:3}  {name}{said}", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
