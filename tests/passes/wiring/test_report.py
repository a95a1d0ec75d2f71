"""What wiring reports with: quiet looks that change nothing, values in names, and the count of connections."""

from __future__ import annotations

import pytest

import specc
from specc import budget
from specc.diagnostics import CompileError, Report
from specc.passes.values import Failed
from specc.passes.wiring.report import WiringReport
from specc.source import Origin
from tests.support.checking import spec, told
from tests.support.nodes import nodes

NOWHERE = Origin.nowhere().place


def test_a_quiet_look_reports_nothing() -> None:
    wiring = WiringReport(Report())
    with wiring.looking(quiet=True):
        wiring.error("unknown-name", "there is none", NOWHERE, None)
    assert not wiring.failed
    wiring.error("unknown-name", "there is none", NOWHERE, None)
    assert wiring.failed


def test_connections_are_counted_and_a_look_only_gives_up() -> None:
    with budget.compilation(0) as left:
        wiring = WiringReport(Report())
        wiring.spend(left.most_wires - 1, NOWHERE, None)
        with wiring.looking(quiet=False), pytest.raises(Failed):
            wiring.spend(2, NOWHERE, None)
        wiring.spend(1, NOWHERE, None)
        with pytest.raises(CompileError) as caught:
            wiring.spend(1, NOWHERE, None)
    assert [it.message for it in caught.value.diagnostics] == ["this gives the spec more than 100,000 connections"]


def test_the_layer_that_takes_too_many_is_named() -> None:
    text = """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: ReLU, name: d, from: x, each: {i: $(range(9000))}}
          - {type: Add, name: sum, from: d, each: {i: $(range(12))}}
    """
    assert told(text) == [
        "4:34 too-large: 'sum_12' (Add) gives the spec more than 100,017 connections | "
        "let fewer layers take all copies of another, or repeat less",
    ]


def test_the_outputs_of_a_block_may_be_values_and_a_wrong_one_is_told_once() -> None:
    text = """
        blocks:
          b: {args: {last: p}, inputs: [x], layers: [{type: Dense, name: p, units: 3}], outputs: {out: $last}}
        layers: [{type: Input, name: x, shape: [3]}, {type: b, name: i}, {type: ReLU, name: z}]
    """
    wrong = ['2:96 unknown-value: there is no value "first" | values here: last']
    assert nodes(text)[-2:] == ["z: ReLU  <- inputs: i.p", "one of outputs: z = z"]
    assert told(text.replace("$last", "$first")) == wrong
    assert told(text.replace("$last", "$first").replace("name: i}", "name: i, nested: true}")) == wrong


def test_the_instances_that_led_to_an_item_are_told_with_it() -> None:
    text = """
        blocks: {b: {inputs: [i], layers: [{type: Dense, name: d, units: 3, from: j}], outputs: [d]}}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: b, name: u, repeat: 2}
    """
    (found,) = specc.check(spec(text))
    assert found.message == "'u_1.d' (Dense): there is no layer \"j\""
    assert [(it.message, it.place.path) for it in found.related] == [("in 'u_1' with index = 0", ("layers", 1))]
