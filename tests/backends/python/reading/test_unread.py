"""Whole specs that list no outputs, as functions: what nothing reads, whatever the conditions are."""

from __future__ import annotations

from pathlib import Path

import pytest

import specc
from specc.backends.python.program import as_program
from tests.support.emitted_text import functions


@pytest.mark.parametrize("top", ["true", "false"])
def test_a_spec_whose_last_layer_may_be_left_out(top: str, tmp_path: Path) -> None:
    text = f"""
    vars: {{top: {top}}}
    layers:
      - {{type: Input, name: x, shape: [8]}}
      - {{type: Dense, name: body, units: 3}}
      - {{type: Dropout, name: dropped, rate: 0.1, when: $top}}
      - {{type: Dense, name: y, units: 1, when: $top}}
    """
    assert f"def build_model(top={top.title()})" in functions(text)


def test_a_condition_that_decides_what_the_outputs_are_is_no_parameter(tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_text(
        "vars: {extra: true}\n"
        "layers: [{type: Input, name: x, shape: [4]}, {type: Dense, name: a, units: 3}, {type: Dense, name: b, units: 3, from: x},"
        " {type: Add, name: y, from: [a, b], when: $extra}]\n"
    )
    (tmp_path / "m.yaml").write_text(
        "include: [net.yaml]\nlayers: [{type: Input, name: x, shape: [4]}, {type: net, name: y}]\n"
    )
    source = as_program.source(specc.compile(tmp_path / "m.yaml"))
    assert "def net(x, *, name):" in source


@pytest.mark.parametrize("copies", ["name: a, repeat: $depth", "name: a$(index), repeat: $depth"])
def test_a_number_of_copies_that_decides_what_the_outputs_are_is_no_parameter(copies: str) -> None:
    first, second = ("a0", "a1") if "$(index)" in copies else ("a[0]", "a[1]")
    text = f"""
    vars: {{depth: 2}}
    layers:
      - {{type: Input, name: x, shape: [3]}}
      - {{type: Dropout, rate: 0.5, {copies}}}
      - {{type: Add, name: y, from: ["{first}", "{second}"]}}
    """
    assert "def build_model()" in functions(text)
