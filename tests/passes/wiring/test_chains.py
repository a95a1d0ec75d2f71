"""What each copy in a chain takes from the one before it; and that nothing which its ``from`` says is dropped."""

from __future__ import annotations

import pytest

import specc
from tests.support.checking import told
from tests.support.helps import fixed_by
from tests.support.nodes import nodes

U_NET = """
    vars: {depth: 3}
    blocks:
      down:
        inputs: [x]
        layers:
          - {type: Dense, name: skip, units: 8}
          - {type: ReLU, name: out}
        outputs: [out, skip]
      up:
        inputs: [x, {name: skips, many: true}]
        layers:
          - {type: Add, name: sum, from: [x, skips]}
          - {type: Dense, name: out, units: 8}
        outputs: [out]
    layers:
      - {type: Input, name: x, shape: [8]}
      - {type: down, name: down, repeat: $depth, allow: [unused-port]}
      - {type: up, name: up, repeat: $depth, from: [down, "down[$(depth - 1 - index)].skip"]}
      - {type: Add, name: sum, repeat: {from_below: [up_1, up_2]}, from: [up, $from_below, x]}
      - {type: Dense, name: y, units: 1, repeat: 2, from: "$('sum' if index == 0 else 'y_' + str(index))"}
"""


def test_further_entries_are_those_of_each_copy() -> None:
    """The first is for the first copy; the last item says itself what a chain does."""
    assert [line.partition("  units")[0] for line in nodes(U_NET) if line.startswith(("up", "sum", "y"))] == [
        "up_1.sum: Add  <- inputs: [down_3.out, down_3.skip]",
        "up_1.out: Dense  <- inputs: up_1.sum",
        "up_2.sum: Add  <- inputs: [up_1.out, down_2.skip]",
        "up_2.out: Dense  <- inputs: up_2.sum",
        "up_3.sum: Add  <- inputs: [up_2.out, down_1.skip]",
        "up_3.out: Dense  <- inputs: up_3.sum",
        "sum_1: Add  <- inputs: [up_3.out, up_1.out, x]",
        "sum_2: Add  <- inputs: [sum_1, up_2.out, x]",
        "y_1: Dense  <- inputs: sum_2",
        "y_2: Dense  <- inputs: y_1",
        "y: Identity  <- inputs: y_2",
    ]


MIX = """
    blocks:
      mix:
        inputs: [{name: maps, many: true}]
        layers:
          - {type: Add, name: sum, from: maps}
          - {type: Dense, name: out, units: 4, each: {n: "$(range(len(maps)))"}, from: sum}
        outputs: [out]
    layers:
      - {type: Input, name: x, shape: [4]}
      - {type: Dense, name: a, units: 4, each: {n: [0, 1]}, from: x}
      - {type: mix, name: m, repeat: 2, from: [a, x]}
      - {type: Add, name: y, from: "m.out[*]"}
"""


def test_several_tensors_take_the_place_of_all() -> None:
    assert [line for line in nodes(MIX) if "Add" in line] == [
        "m_1.sum: Add  <- inputs: [a_1, a_2, x]",
        "m_2.sum: Add  <- inputs: [m_1.out_1, m_1.out_2, m_1.out_3]",
        "y: Add  <- inputs: [m_2.out_1, m_2.out_2, m_2.out_3]",
    ]
    assert told(MIX.replace("[a, x]", '[x, "a[$index]"]')) == [
        "11:44 surplus-input: 'm_2' (mix) takes the 2 tensors of 'm_1', the copy before it, in place of all that 'maps' is given, "
        "which is not the same for each copy | give the block another input for what differs"
    ]


BEFORE = """
    vars: {depth: 3}
    blocks:
      join:
        inputs: [x, skip]
        layers: [{type: Add, name: out, from: [x, skip]}]
        outputs: [out]
      both:
        inputs: [x, skip]
        layers: [{type: Add, name: out, from: [x, skip]}]
        outputs: {x: out, skip: out}
      one:
        inputs: [x]
        layers: [{type: Dense, name: out, units: 8}]
        outputs: [out]
      mix:
        inputs: [{name: all, many: true}]
        layers:
          - {type: Add, name: mixed, from: all}
          - {type: Add, name: own, each: {i: [0, 1, 2]}, from: [mixed, "all[$i]"]}
        outputs: [mixed]
    layers:
      - {type: Input, name: x, shape: [8]}
      - {type: Dense, name: q, units: 8, each: {n: [1, 2, 3]}, from: x}
      - {type: join, name: joined, from: [x, q_1]}
"""
SIDE_BY_SIDE = "write each: {copy: \"$(range(3))\"} in place of 'repeat'"
DROPPED = {
    "the only input of a layer": (
        '{type: Dense, name: y, units: 8, repeat: 3, from: "q[$index]"}',
        "y_2' (Dense) takes the output of 'y_1', the copy before it, in place of 'q[1]'",
        f"for copies side by side, {SIDE_BY_SIDE}",
        ("repeat: 3", 'each: {copy: "$(range(3))"}'),
    ),
    "by a value of each copy": (
        "{type: Dense, name: y, units: 8, repeat: {it: [q_1, q_2]}, from: $it}",
        "y_2' (Dense) takes the output of 'y_1', the copy before it, in place of 'q_2'",
        "for copies side by side, write 'each' in place of 'repeat'",
        ("repeat:", "each:"),
    ),
    "of an instance": (
        '{type: one, name: y, repeat: $depth, from: "q[$(depth - 1 - index)]"}',
        "y_2' (one) takes the output of 'y_1', the copy before it, in place of 'q[1]'",
        "for copies side by side, write each: {copy: \"$(range(depth))\"} in place of 'repeat'",
        ("repeat: $depth", 'each: {copy: "$(range(depth))"}'),
    ),
    "of a nested model": (
        "{type: one, name: y, nested: true, repeat: 3, from: q_$(index + 1)}",
        "y_2' (one) takes the output of 'y_1', the copy before it, in place of 'q_2'",
        f"for copies side by side, {SIDE_BY_SIDE}",
        ("repeat: 3", 'each: {copy: "$(range(3))"}'),
    ),
    "of further calls": (
        '{share: q_1, name: y, repeat: 3, from: "q[$index]"}',
        "y_2' (Dense) takes the output of 'y_1', the copy before it, in place of 'q[1]'",
        f"for copies side by side, {SIDE_BY_SIDE}",
        ("repeat: 3", 'each: {copy: "$(range(3))"}'),
    ),
    "of a merge": (
        '{type: Add, name: y, repeat: 3, from: "q[$index]"}',
        "y_2' (Add) takes the output of 'y_1', the copy before it, in place of 'q[1]'",
        f'name first what the first copy takes, from: [..., "q[$index]"]; or {SIDE_BY_SIDE}',
        ('from: "q[$index]"', 'from: [x, "q[$index]"]'),
    ),
    "first in a list": (
        '{type: Add, name: y, repeat: 3, from: ["q[$index]", x]}',
        "y_2' (Add) takes the output of 'y_1', the copy before it, in place of 'q[1]'",
        f'name first what the first copy takes, from: [x, "q[$index]"]; or {SIDE_BY_SIDE}',
        ('["q[$index]", x]', '[x, "q[$index]"]'),
    ),
    "in a map": (
        '{type: join, name: y, repeat: 3, from: {x: "q[$index]", skip: x}}',
        "y_2' (join) takes the output of 'y_1', the copy before it, in place of 'q[1]'",
        f"name first what the first copy takes, as in x: ...; or {SIDE_BY_SIDE}",
        ('x: "q[$index]", skip: x', 'x: x, skip: "q[$index]"'),
    ),
    "several where one copy is replaced": (
        '{type: Add, name: y, repeat: 3, from: "q[*]"}',
        "y_2' (Add) takes the output of 'y_1', the copy before it, in place of 'q[*]', which is 3 tensors",
        'name first the one tensor that the first copy takes: ["q[0]", "q[*]"]',
        ('"q[*]"', '["q[0]", "q[*]"]'),
    ),
    "several where one output of a block comes back": (
        '{type: mix, name: y, repeat: 2, from: "q[*]"}',
        "y_2' (mix) takes the output of 'y_1', the copy before it, in place of 'q[*]', which is 3 tensors",
        'name first the one tensor that the first copy takes: ["q[0]", "q[*]"], or let the first output of the block be several tensors, too',
        ("outputs: [mixed]", 'outputs: ["own[*]"]'),
    ),
    "an input that is handed on": (
        '{type: both, name: y, repeat: 2, from: [x, "q[$index]"]}',
        "y_2' (both) takes its 'skip' from 'y_1', the copy before it, in place of 'q[1]'",
        "an output that has the name of an input is handed on: give the output 'skip' of the block another name",
        ("skip: out}", "other: out}"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("item", "message", "help", "change"), DROPPED.values(), ids=DROPPED)
def test_what_changes_from_copy_to_copy_is_not_dropped(
    item: str, message: str, help: str, change: tuple[str, str]
) -> None:
    text = f"{BEFORE}      - {item}\n"
    assert [line.partition(" ")[2] for line in told(text)] == [f"surplus-input: '{message} | {help}"]
    assert fixed_by(text, change)


def test_a_chain_of_one_copy_drops_nothing() -> None:
    found = nodes(f'{BEFORE}      - {{type: Dense, name: y, units: 8, repeat: 1, from: "q[$index]"}}\n')
    assert found[-5:-2] == [
        "joined.out: Add  <- inputs: [x, q_1]",
        "y_1: Dense  <- inputs: q_1  units=8",
        "joined: Identity  <- inputs: joined.out",
    ]


def test_edges_end_at_all_copies() -> None:
    """The first is the edge that ends at the item first."""
    graph = specc.compile(
        specc.Spec.from_text(
            "layers:\n"
            "  - {type: Input, name: a, shape: [4]}\n"
            "  - {type: Input, name: b, shape: [4]}\n"
            "  - {type: Add, name: y, repeat: 2}\n"
            "edges: [[b, y], [a, y]]\n"
        )
    )
    assert [ref.node for ref in graph.nodes["y_2"].refs()] == ["y_1", "a"]
