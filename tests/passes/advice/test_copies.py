"""Outputs of copies in a chain that nothing takes."""

from __future__ import annotations

import pytest

import specc
from tests.support.checking import codes, said, told

X = "layers:\n  - {type: Input, name: x, shape: [5, 4]}\n"
DOWN = "blocks:\n  down: {inputs: [i], layers: [{type: Dense, name: skip, units: 4}, {type: ReLU, name: out}, {type: Dense, name: side, units: 1}], outputs: %s}\n"


@pytest.mark.parametrize("form", ["", ", nested: true"])
@pytest.mark.parametrize(
    ("ports", "rest", "expected"),
    [
        ("[out]", "", []),
        ("[out, skip]", "", ["'skip' of 'd_1' (down) is not used"]),
        ("[out, skip]", "  - {type: Add, name: z, from: [d_1.skip, d_2.skip, d.skip]}\n", []),
        (
            "[out, skip]",
            "  - {type: Add, name: z, from: [d_2.skip, d.skip]}\n",
            ["'skip' of 'd_1' (down) is not used"],
        ),
        ("{out: out, aside: skip}", "outputs: [y, d_1.aside, d_2.aside]\n", []),
        ("[out, skip]", "outputs: [y]\n", ["'skip' of 'd_1' (down) is not used"]),
    ],
)
def test_the_outputs_of_copies(form: str, ports: str, rest: str, expected: list[str]) -> None:
    text = f"{DOWN % ports}{X}  - {{type: down, name: d, repeat: 3{form}}}\n  - {{type: Dense, name: y, units: 2, from: d}}\n{rest}"
    found = [it.split("unused-port: ")[1].split(":")[0] for it in said(text)]
    assert found == expected


def test_an_output_of_a_copy_that_becomes_one_of_the_model() -> None:
    text = f"{DOWN % '[out, side]'}{X}  - {{type: down, name: d, repeat: 2}}\n  - {{type: Dense, name: y, units: 2, from: d}}\n"
    assert said(text) == [
        "5:35 unused-port: 'side' of 'd_1' (down) becomes an output of the model: the next copy has no further input of that "
        "name, and nothing else takes it"
    ]


def test_single_instances_and_copies_side_by_side_may_have_ports_to_spare() -> None:
    for item in (
        "{type: down, name: d}",
        "{type: down, name: d, from: x, each: {k: [1, 2]}}",
        "{type: down, name: d, repeat: 1}",
    ):
        assert codes(f"{DOWN % '[out, skip]'}{X}  - {item}\n") == []


def test_in_a_block_too() -> None:
    text = (
        DOWN % "[out, skip]"
        + "  deep: {inputs: [i], layers: [{type: down, name: d, repeat: 2}, {type: ReLU, name: o}], outputs: [o]}\n"
        + X
        + "  - {type: deep, name: y%s}\n"
    )
    for form in ("", ", nested: true"):
        assert codes(text % form) == ["unused-port"]


STEP = """\
blocks:
  step:
    inputs: [x, total]
    layers:
      - {type: Dense, name: out, units: 4, from: x}
      - {type: Add, name: sum, from: [total, out]}
    outputs: {x: out, total: sum}
"""


def test_what_is_handed_on_is_used_up_to_the_last_copy() -> None:
    item = "  - {type: step, name: s, repeat: 3, from: {x: x, total: x}}\n"
    assert codes(f"{STEP}{X}{item}  - {{type: Add, name: y, from: [s, s.total]}}\noutputs: [y]\n") == []
    assert codes(f"{STEP}{X}{item}") == []  # it is an output of the model
    assert said(f"{STEP}{X}{item}outputs: [s]\n") == [
        "10:35 unused-port: 'total' of 's_3' (step) is not used: nothing takes it from the last copy"
    ]


def test_a_state_that_has_an_effect_may_end_with_the_last_copy() -> None:
    block = STEP.replace("{type: Dense, name: out, units: 4, from: x}", "{type: Multiply, name: out, from: [x, total]}")
    item = "  - {type: step, name: s, repeat: 3, from: {x: x, total: x}}\n"
    assert codes(f"{block}{X}{item}outputs: [s]\n") == []


def test_copies_that_are_no_chain() -> None:
    block = (
        "blocks: {b: {inputs: [a, m], layers: [{type: Add, name: lost, from: [a, m]}, "
        "{type: Dense, name: o, units: 4, from: m}], outputs: [o]}}\n"
    )
    item = "  - {type: b, name: s, from: {a: x, m: x}, repeat: 3}\n"
    assert said(f"{block}{X}{item}") == [
        "4:52 unused-port: 's_2' (b) does nothing with what 's_1' gives it, so the copies are no chain"
    ]


@pytest.mark.parametrize(("read", "unread"), [("total", "x"), ("x", "total")])
def test_an_output_of_the_last_copy_that_becomes_one_of_the_model(read: str, unread: str) -> None:
    block = STEP.replace("[total, out]}", "[total, also]}").replace(
        "from: x}\n", "from: x}\n      - {type: Dense, name: also, units: 4, from: x}\n"
    )
    item = "  - {type: step, name: s, repeat: 3, from: {x: x, total: x}}\n"
    text = f"{block}{X}{item}  - {{type: Dense, name: y, units: 2, from: s.{read}}}\n"
    assert told(text) == [
        f"11:35 unused-port: '{unread}' of 's_3' (step) becomes an output of the model: nothing takes it from the last copy | "
        f"use it as s.{unread}, or list the outputs that are meant: outputs: [y]"
    ]
    assert set(specc.compile(specc.Spec.from_text(text)).outputs) == {"s" if unread == "x" else "s.total", "y"}
    assert codes(f"{text}outputs: [y, s.{unread}]\n") == []


def test_copies_that_nobody_reads_are_not_told_of() -> None:
    """A block's later part that leads to none of the outputs that are read: it is left out."""
    text = f"""
{STEP}
  deep:
    inputs: [i]
    layers:
      - {{type: Dense, name: low, units: 4}}
      - {{type: step, name: s, repeat: 2, from: {{x: low, total: low}}}}
    outputs: [s]
{X}
  - {{type: deep, name: d}}
  - {{type: Dense, name: y, units: 1, from: d.low}}
outputs: [y]
"""
    assert codes(text) == []
