"""Copies by number, and all of them: what they stand for wherever a reference may stand."""

from __future__ import annotations

import pytest

from tests.support.checking import told
from tests.support.nodes import nodes

STANDS_FOR = {
    "copies in a chain and side by side, by numbers that are computed": (
        """
        vars: {depth: 3}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: down, units: 4, repeat: $depth}
          - {type: Add, name: up, repeat: $depth, from: [down, "down[$(depth - 1 - index)]"]}
          - {type: Dense, name: side, units: $n, each: {n: [3, 2, 1]}, from: "down[$index]"}
          - {type: Concatenate, name: all, from: ["side[-1]", "down[*]", "up[0]", x, "side[0]"]}
          - {type: Dense, name: more, units: 1, from: {inputs: "side[1]"}}
        outputs: [all, more, up]
        """,
        [
            "x: Input  shape=(4,)",
            "down_1: Dense  <- inputs: x  units=4",
            "down_2: Dense  <- inputs: down_1  units=4",
            "down_3: Dense  <- inputs: down_2  units=4",
            "up_1: Add  <- inputs: [down_3, down_3]",
            "up_2: Add  <- inputs: [up_1, down_2]",
            "up_3: Add  <- inputs: [up_2, down_1]",
            "side_1: Dense  <- inputs: down_1  units=3",
            "side_2: Dense  <- inputs: down_2  units=2",
            "side_3: Dense  <- inputs: down_3  units=1",
            "all: Concatenate  <- inputs: [side_3, down_1, down_2, down_3, up_1, x, side_1]",
            "more: Dense  <- inputs: side_2  units=1",
            "up: Identity  <- inputs: up_3",
            "list of outputs: all = all, more = more, up = up",
        ],
    ),
    "ports and members of copies, copies in instances, and outputs that are copies": (
        """
        blocks:
          unit:
            args: {n: 2}
            inputs: [i]
            layers:
              - {type: LSTM, name: l, units: 4, return_sequences: true, return_state: true, repeat: $n}
            outputs: {out: "l[-1]", skips: "l[*]", states: "l[*].state_h"}
        layers:
          - {type: Input, name: x, shape: [5, 4]}
          - {type: unit, name: u, n: $n, repeat: {n: [1, 2]}}
          - {type: Add, name: sum, from: ["u[*]", "u[0].l[0]", "u.skips", "u.skips[0]", "u[1].out", "u[*].skips[-1]"]}
          - {type: Add, name: states, from: ["u[*].states", "u[-1].states[1]", "u[*].l[*].state_c"]}
        outputs: ["u[*].l[-1].state_h", states, sum]
        """,
        [
            "x: Input  shape=(5, 4)",
            "u_1.l_1: LSTM  <- sequences: x  units=4  return_sequences=True  return_state=True",
            "u_2.l_1: LSTM  <- sequences: u_1.l_1  units=4  return_sequences=True  return_state=True",
            "u_2.l_2: LSTM  <- sequences: u_2.l_1  units=4  return_sequences=True  return_state=True",
            "sum: Add  <- inputs: [u_1.l_1, u_2.l_2, u_1.l_1, u_2.l_1, u_2.l_2, u_2.l_1, u_2.l_2, u_1.l_1, u_2.l_2]",
            "states: Add  <- inputs: [u_1.l_1[1], u_2.l_1[1], u_2.l_2[1], u_2.l_2[1], u_1.l_1[2], u_2.l_1[2], u_2.l_2[2]]",
            "u_1.l_1.state_h: Identity  <- inputs: u_1.l_1[1]",
            "u_2.l_2.state_h: Identity  <- inputs: u_2.l_2[1]",
            "list of outputs: u_1.l_1.state_h = u_1.l_1.state_h, u_2.l_2.state_h = u_2.l_2.state_h, states = states, sum = sum",
        ],
    ),
    "all of 0 copies is nothing, absent copies pass on, and 'else' is a reference too": (
        """
        vars: {none: 0}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: a, units: 4, repeat: $none}
          - {type: Dense, name: b, units: 4, repeat: 3, when: $(index != 1)}
          - {type: Dense, name: c, units: 4, when: $(none > 0), else: "b[0]"}
          - {type: Add, name: sum, from: ["a[*]", "b[*]", c]}
        outputs: [sum, "a[*]"]
        """,
        [
            "x: Input  shape=(4,)",
            "b_1: Dense  <- inputs: x  units=4",
            "b_3: Dense  <- inputs: b_1  units=4",
            "sum: Add  <- inputs: [b_1, b_1, b_3, b_1]",
            "one of outputs: sum = sum",
        ],
    ),
    "calls that share a copy, and a member of one": (
        """
        blocks: {unit: {inputs: [i], layers: [{type: Dense, name: d, units: 4, repeat: 2}], outputs: [d]}}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: a, units: 4, each: {n: [1, 2]}, from: x}
          - {type: unit, name: u, repeat: 2, from: "a[0]"}
          - {share: "a[-1]", name: again, from: u}
          - {share: "u[0].d[1]", name: more}
          - {share: "u[-1]", name: twice, from: "a[1]"}
        """,
        [
            "x: Input  shape=(4,)",
            "a_1: Dense  <- inputs: x  units=4",
            "a_2: Dense  <- inputs: x  units=4",
            "u_1.d_1: Dense  <- inputs: a_1  units=4",
            "u_1.d_2: Dense  <- inputs: u_1.d_1  units=4",
            "u_2.d_1: Dense  <- inputs: u_1.d_2  units=4",
            "u_2.d_2: Dense  <- inputs: u_2.d_1  units=4",
            "again: Dense  shares a_2  <- inputs: u_2.d_2",
            "more: Dense  shares u_1.d_2  <- inputs: again",
            "twice.d_1: Dense  shares u_2.d_1  <- inputs: a_2",
            "twice.d_2: Dense  shares u_2.d_2  <- inputs: twice.d_1",
            "twice: Identity  <- inputs: twice.d_2",
            "list of outputs: more = more, renamed, twice = twice",
        ],
    ),
    "edges begin and end at copies": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: a, units: 4, repeat: 2}
          - {type: Add, name: b, each: {n: [1, 2]}}
          - {type: Add, name: sum}
          - {type: Input, name: q, shape: [5, 4]}
          - {type: GRU, name: g, units: 4, each: {n: [1, 2]}}
        edges:
          - [x, "a[*]", "b[0]"]
          - [x, b]
          - ["a[0]", "b[-1]"]
          - ["b[*]", sum]
          - {from: q, to: "g[*].sequences"}
          - {from: sum, to: "g[1].initial_state"}
        """,
        [
            "x: Input  shape=(4,)",
            "a_1: Dense  <- inputs: x  units=4",
            "a_2: Dense  <- inputs: a_1  units=4",
            "b_1: Add  <- inputs: [a_1, a_2, x]",
            "b_2: Add  <- inputs: [x, a_1]",
            "sum: Add  <- inputs: [b_1, b_2]",
            "q: Input  shape=(5, 4)",
            "g_1: GRU  <- sequences: q  units=4",
            "g_2: GRU  <- sequences: q, initial_state: [sum]  units=4",
            "list of outputs: g_1 = g_1, g_2 = g_2",
        ],
    ),
}


@pytest.mark.parametrize(("text", "wired"), STANDS_FOR.values(), ids=STANDS_FOR)
def test_what_copies_by_number_stand_for(text: str, wired: list[str]) -> None:
    assert nodes(text) == wired


REFUSED = {
    "numbers that there are not": (
        """
        vars: {none: 0}
        blocks: {b: {inputs: [i], layers: [{type: ReLU, name: r, repeat: 2, from: "i[0]"}], outputs: {o: r, all: "r[*]"}}}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: a, units: 4, repeat: 3}
          - {type: Dense, name: z, units: 4, repeat: $none}
          - {type: b, name: u}
          - {type: Add, name: c, from: ["a[3]", "a[-4]", "x[0]", "z[0]", "u[*].all", "u.all[2]", "u.r.output[0]"]}
        """,
        [
            "2:75 unknown-name: 'u.r_1' (ReLU): 'i' is an input of the block, so there is no i[0] | write i",
            "8:33 unknown-name: 'c' (Add): 'a' has 3 copies, so there is no a[3] | the copies are a[0] to a[2], or from the end a[-1] to a[-3]",
            "8:41 unknown-name: 'c' (Add): 'a' has 3 copies, so there is no a[-4] | the copies are a[0] to a[2], or from the end a[-1] to a[-3]",
            "8:50 unknown-name: 'c' (Add): 'x' is not copied by 'repeat' or 'each', so there is no x[0] | write x",
            "8:58 unknown-name: 'c' (Add): 'z' has 0 copies, so there is no z[0] | without copies, z alone means what goes into it",
            "8:66 unknown-name: 'c' (Add): 'u' is not copied by 'repeat' or 'each', so there is no u[*] | write u",
            "8:78 unknown-name: 'c' (Add): 'u.all' is 2 outputs, so there is no u.all[2] | write u.all[0]",
            "8:90 unknown-name: 'c' (Add): 'u.r.output' is an output, so there is no u.r.output[0] | write u.r.output",
        ],
    ),
    "all of none where something is needed": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: ReLU, name: z, repeat: 0}
          - {type: ReLU, name: w, when: false, from: "z[*]"}
          - {type: Add, name: y, from: ["z[*]", "z[*]"]}
        """,
        [
            "5:33 missing-input: 'y' (Add) gets nothing: 'z[*]' refers to 0 copies | name something else with it, or omit the item with 'when' where there are no copies",
        ],
    ),
    "outputs that are none, and one that is twice": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: ReLU, name: z, repeat: 0}
          - {type: ReLU, name: a, repeat: 2, from: x}
        outputs: ["z[*]"]
        """,
        ["5:10 no-output: 'outputs' names nothing: all that it refers to has 0 copies | name a layer that has copies"],
    ),
    "an output twice, by its name and by its number": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: ReLU, name: a, repeat: 2, from: x}
        outputs: ["a[*]", a_2]
        """,
        ["4:19 duplicate-output: the output 'a_2' is listed twice | remove one of the two"],
    ),
    "shares and edges": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: a, units: 4, repeat: 2}
          - {type: Dense, name: z, units: 4, repeat: 0}
          - {share: "a[*]", name: b}
          - {share: "z[*]", name: c}
          - {share: "a[2]", name: d}
        edges: [[x, "a[0]"], [x, "a[7]"], [x, "b[0]"], [x, "q[0]"]]
        """,
        [
            "5:13 ambiguous-name: 'a[*]' refers to 2 copies | share one of them: 'a_1', 'a_2'",
            "6:13 unknown-name: 'c' shares 'z[*]', which has 0 copies here | add 'when' to the call",
            "7:13 unknown-name: 'd': 'a' has 2 copies, so there is no a[2] | the copies are a[0] to a[1], or from the end a[-1] to a[-2]",
            "8:13 surplus-input: an edge ends at 'a_1', one copy of 'a' | let it end at 'a'",
            "8:26 unknown-name: 'a' has 2 copies, so there is no a[7] | the copies are a[0] to a[1], or from the end a[-1] to a[-2]",
            "8:39 unknown-name: 'b' is not copied by 'repeat' or 'each', so there is no b[0] | write b",
            '8:52 unknown-name: there is no layer "q" | names here: x, a_1, a_2, a, z, b, c, d',
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), REFUSED.values(), ids=REFUSED)
def test_refused(text: str, expected: list[str]) -> None:
    assert told(text) == expected
