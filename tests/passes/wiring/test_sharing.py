"""Items that share: whose further call each becomes, and what cannot be called again."""

from __future__ import annotations

import time

import pytest

from specc.passes.wiring.sharing import LONGEST_CHAIN
from tests.support.checking import codes, told
from tests.support.nodes import nodes

WIRED = {
    "copies of a call, in a chain and side by side": (
        """
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: Dense, name: d, units: 3}
          - {share: d, name: more, repeat: 2}
          - {share: d, name: side, each: {at: [d, x]}, from: $at}
          - {type: Add, name: sum, from: [more, side]}
        """,
        [
            "x: Input  shape=(3,)",
            "d: Dense  <- inputs: x  units=3",
            "more_1: Dense  shares d  <- inputs: d",
            "more_2: Dense  shares d  <- inputs: more_1",
            "side_1: Dense  shares d  <- inputs: d",
            "side_2: Dense  shares d  <- inputs: x",
            "sum: Add  <- inputs: [more_2, side_1, side_2]",
            "one of outputs: sum = sum",
        ],
    ),
    "a name that an instance gives its block, through a second block": (
        """
        blocks:
          inner: {args: {head: d}, inputs: [x], layers: [{type: ReLU, name: d}, {share: $head, name: h, from: x}, {type: Add, name: o, from: [d, h]}], outputs: [o]}
          outer: {args: {heads: null}, inputs: [x], layers: [{type: inner, name: i, head: "$(heads[0])"}, {share: $h, name: s, each: {h: $heads}, from: i}], outputs: [i, s_1]}
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: Dense, name: d, units: 3}
          - {type: outer, name: u, heads: [d]}
          - {type: inner, name: own}
          - {type: Add, name: sum, from: [own, u.s_1]}
        """,
        [
            "x: Input  shape=(3,)",
            "d: Dense  <- inputs: x  units=3",
            "u.i.d: ReLU  <- inputs: d",
            "u.i.h: Dense  shares d  <- inputs: d",
            "u.i.o: Add  <- inputs: [u.i.d, u.i.h]",
            "u.s_1: Dense  shares d  <- inputs: u.i.o",
            "own.d: ReLU  <- inputs: u.i.o",
            "own.h: ReLU  shares own.d  <- inputs: u.i.o",
            "own.o: Add  <- inputs: [own.d, own.h]",
            "sum: Add  <- inputs: [own.o, u.s_1]",
            "one of outputs: sum = sum",
        ],
    ),
    "an instance again and again, which hands on two tensors": (
        """
        blocks:
          b: {inputs: [x, total], layers: [{type: Dense, name: out, units: 3, from: x}, {type: Add, name: sum, from: [total, out]}], outputs: {x: out, total: sum}}
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: b, name: i, from: {x: x, total: x}}
          - {share: i, name: k, from: {x: i, total: i.total}, repeat: 2}
          - {type: Add, name: y, from: [k, k.total]}
        """,
        [
            "x: Input  shape=(3,)",
            "i.out: Dense  <- inputs: x  units=3",
            "i.sum: Add  <- inputs: [x, i.out]",
            "k_1.out: Dense  shares i.out  <- inputs: i.out",
            "k_1.sum: Add  shares i.sum  <- inputs: [i.sum, k_1.out]",
            "k_2.out: Dense  shares i.out  <- inputs: k_1.out",
            "k_2.sum: Add  shares i.sum  <- inputs: [k_1.sum, k_2.out]",
            "y: Add  <- inputs: [k_2.out, k_2.sum]",
            "one of outputs: y = y",
        ],
    ),
    "a share of a share, and of what stands below": (
        """
        layers:
          - {type: Input, name: x, shape: [3]}
          - {share: again, name: third, from: x}
          - {share: d, name: again, from: x}
          - {type: Dense, name: d, units: 3, from: x}
          - {type: Add, name: sum, from: [d, again, third]}
        """,
        [
            "x: Input  shape=(3,)",
            "third: Dense  shares d  <- inputs: x",
            "again: Dense  shares d  <- inputs: x",
            "d: Dense  <- inputs: x  units=3",
            "sum: Add  <- inputs: [d, again, third]",
            "one of outputs: sum = sum",
        ],
    ),
    "an instance of a block, all its layers again": (
        """
        blocks:
          b: {inputs: [x], layers: [{type: Dense, name: p, units: 3}, {share: p, name: r}], outputs: [r]}
        layers:
          - {type: Input, name: x, shape: [3]}
          - {share: i, name: k, from: x}
          - {type: b, name: i, from: x}
          - {share: k.r, name: m, from: x}
          - {type: Add, name: z, from: [k, i, m]}
        """,
        [
            "x: Input  shape=(3,)",
            "k.p: Dense  shares i.p  <- inputs: x",
            "k.r: Dense  shares i.p  <- inputs: k.p",
            "i.p: Dense  <- inputs: x  units=3",
            "i.r: Dense  shares i.p  <- inputs: i.p",
            "m: Dense  shares i.p  <- inputs: x",
            "z: Add  <- inputs: [k.r, i.r, m]",
            "one of outputs: z = z",
        ],
    ),
    "the last copy of a chain, or one by its name": (
        """
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: Dense, name: d, units: 3, repeat: 2}
          - {share: d, name: last, from: x}
          - {share: d_1, name: first, from: x}
          - {type: Add, name: sum, from: [d, last, first]}
        """,
        [
            "x: Input  shape=(3,)",
            "d_1: Dense  <- inputs: x  units=3",
            "d_2: Dense  <- inputs: d_1  units=3",
            "last: Dense  shares d_2  <- inputs: x",
            "first: Dense  shares d_1  <- inputs: x",
            "sum: Add  <- inputs: [d_2, last, first]",
            "one of outputs: sum = sum",
        ],
    ),
    "with options of its own call": (
        """
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: Dropout, name: d, rate: 0.5}
          - {share: d, name: e, from: x, call: {training: true}}
          - {type: Add, name: sum, from: [d, e]}
        """,
        [
            "x: Input  shape=(3,)",
            "d: Dropout  <- inputs: x  rate=0.5",
            "e: Dropout  shares d  <- inputs: x  call {'training': True}",
            "sum: Add  <- inputs: [d, e]",
            "one of outputs: sum = sum",
        ],
    ),
}


@pytest.mark.parametrize(("text", "wired"), WIRED.values(), ids=WIRED)
def test_whose_call_it_is(text: str, wired: list[str]) -> None:
    assert nodes(text) == wired


REFUSED = {
    "each other": (
        """
        layers:
          - {type: Input, name: x, shape: [3]}
          - {share: b, name: a}
          - {share: a, name: b, from: x}
        """,
        [
            "3:13 share-cycle: 'a' shares itself: 'a' -> 'b' -> 'a' | share a layer that has a 'type'",
        ],
    ),
    "copies side by side": (
        """
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: Dense, name: d, units: $n, each: {n: [1, 2]}, from: x}
          - {share: d, name: e, from: x}
        """,
        [
            "4:13 ambiguous-name: 'd' refers to 2 copies | share one of them: 'd_1', 'd_2'",
        ],
    ),
    "what is not there": (
        """
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: Dense, name: d, units: 3, when: false}
          - {share: d, name: e, from: x}
        """,
        [
            "4:13 unknown-name: 'e' shares 'd', which is absent here | for details run 'specc explain unknown-name'",
        ],
    ),
    "a name that an instance gives and that nothing has": (
        """
        blocks: {b: {args: {head: null}, inputs: [i], layers: [{type: ReLU, name: r}, {share: $head, name: o}], outputs: [o]}}
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: Dense, name: d, units: 3}
          - {type: b, name: u, head: e}
        """,
        [
            "5:30 unknown-name: 'u.o': there is no layer \"e\" | names here: x, d, u",
        ],
    ),
    "a layer around a block, not handed to it": (
        """
        blocks: {b: {args: {head: null}, inputs: [i], layers: [{type: ReLU, name: r}, {share: d, name: o}], outputs: [o]}}
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: Dense, name: d, units: 3}
          - {type: b, name: u, head: d}
        """,
        [
            "1:87 unknown-name: 'u.o': there is no layer \"d\" | a block sees its own layers only: hand it the name as an argument, "
            "args: {layer: null}, and write share: $layer",
        ],
    ),
    "a layer around a nested model": (
        """
        blocks: {b: {args: {head: null}, inputs: [i], layers: [{type: ReLU, name: r}, {share: $head, name: o}], outputs: [o]}}
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: Dense, name: d, units: 3}
          - {type: b, name: u, head: d, nested: true}
        """,
        [
            "5:30 unknown-name: 'o': there is no layer \"d\" inside the nested model | a nested model cannot call a layer of the model "
            "around it: remove 'nested: true'",
        ],
    ),
    "an Input": (
        """
        layers:
          - {type: Input, name: x, shape: [3]}
          - {share: x, name: y}
        """,
        [
            "3:13 share-input: 'y' shares 'x', which is an Input | refer to the Input by its name instead",
        ],
    ),
    "no member of an instance": (
        """
        blocks: {b: {inputs: [i], layers: [{type: Dense, name: hidden, units: 3}], outputs: [hidden]}}
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: b, name: u}
          - {share: u.hiden, name: e, from: x}
        """,
        [
            "5:13 unknown-name: 'u' has no member \"hiden\" | did you mean 'hidden'?",
        ],
    ),
    "options that its call does not have": (
        """
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: Dense, name: d, units: 3}
          - {share: d, name: e, from: x, call: {training: true}}
          - {type: Add, name: sum, from: [d, e]}
        """,
        [],
    ),
}


@pytest.mark.parametrize(("text", "expected"), REFUSED.values(), ids=REFUSED)
def test_refused(text: str, expected: list[str]) -> None:
    assert told(text) == expected


def backwards(count: int) -> str:
    """So many items, each of which shares the one after it."""
    shares = "".join(f"  - {{share: d{number + 1}, name: d{number}, from: x}}\n" for number in range(count))
    return f"layers:\n  - {{type: Input, name: x, shape: [3]}}\n{shares}  - {{type: Dense, name: d{count}, units: 3, from: x}}\n"


def test_a_chain_of_shares_has_an_end() -> None:
    assert codes(backwards(LONGEST_CHAIN)) == []
    assert codes(backwards(LONGEST_CHAIN + 1))[:1] == ["too-deep"]


def test_shares_count_as_much_as_what_they_share() -> None:
    blocks = "blocks:\n  b0: {inputs: [x], layers: [{type: ReLU, name: r}], outputs: [r]}\n"
    for i in range(1, 9):
        shares = ", ".join(f"{{share: a, name: s{j}}}" for j in range(10))
        blocks += f"  b{i}: {{inputs: [x], layers: [{{type: b{i - 1}, name: a}}, {shares}], outputs: [s9]}}\n"
    start = time.process_time()
    assert codes(blocks + "layers:\n  - {type: Input, name: x, shape: [3]}\n" + "  - {type: b8, name: z}") == [
        "too-large"
    ]
    assert time.process_time() - start < 1
