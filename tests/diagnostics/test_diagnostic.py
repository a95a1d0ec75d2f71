"""From a problem to a diagnostic at its place, and what a program has in its hands then."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

import specc
from specc.diagnostics import Diagnostic
from specc.diagnostics.problem import Fix, Problem
from specc.source import Document, Place, Source, Span
from tests.support import command

KEY = Problem("unknown-key", 'has no key "untis"', ("untis",), "did you mean 'units'?", "key", Fix("units"))
TERM = Problem("unknown-value", 'there is no value "w"', ("units",), within=(2, 3))
ROOT = Place(
    Document(Source("spec.yaml", "{units: $(w)}"), {"units": "$(w)"}, lambda path, part: Span(1, 9, 1, 13)), ()
)
WRONG = "layers:\n  - {type: Input, name: x, shape: [4]}\n  - {type: Dens, units: 8}\n"

# -- From a problem --------------------------------------------------------------------------------


def test_a_problem_becomes_a_diagnostic_with_all_that_it_says() -> None:
    found = Diagnostic.of(KEY, ROOT)
    assert (found.place.path, found.place.part, found.place.within) == (("untis",), "key", None)
    assert (found.code, found.message, found.help, found.fix) == (KEY.code, KEY.message, KEY.help, KEY.fix)
    within = Diagnostic.of(TERM, ROOT, severity="warning")
    assert (within.place.within, within.severity) == ((2, 3), "warning")
    assert within.place.span == Span(1, 11, 1, 12)


def test_a_problem_without_a_path_stays_where_its_place_points() -> None:
    key = ROOT.at("units", part="key")
    assert Diagnostic.of(Problem("invalid-value", "is wrong"), key).place is key


@pytest.mark.parametrize(("text", "help"), [
    ("layers: [{type: Input, name: x, shape: [8]}, Flatten]\noptimizer: adam\n", "write it under 'compile': compile: {optimizer: ...}"),
    ('{"layers": [{"type": "Input", "name": "x", "shape": [8]}, "Flatten"], "optimizer": "adam"}', "write it under 'compile': \"compile\": {\"optimizer\": ...}"),
])  # fmt: skip
def test_a_help_is_in_the_notation_of_the_text(text: str, help: str) -> None:
    assert [it.help for it in specc.check(specc.Spec.from_text(text))] == [help]


# -- In a program ----------------------------------------------------------------------------------


def test_an_error_shows_all_its_diagnostics() -> None:
    with pytest.raises(specc.CompileError) as caught:
        specc.compile(specc.Spec.from_text(WRONG, "wrong.yaml"))
    assert (
        str(caught.value)
        == """
error[unknown-layer]: unknown layer type "Dens"
 --> wrong.yaml:3:12
3 |   - {type: Dens, units: 8}
  |            ^^^^
  = help: did you mean 'Dense'?"""
    )


def test_a_diagnostic_is_the_text_of_a_terminal(tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text(WRONG)
    (found,) = specc.check(specc.Spec.from_text(WRONG, "wrong.yaml"))
    assert str(found) + "\n\n" == command.specc("check", "wrong.yaml", folder=tmp_path).out


def test_diagnostics_name_what_came_from_no_file() -> None:
    spec = {"layers": [{"type": "Dens"}]}
    assert [found.file for found in specc.check(spec)] == ["<dict>"]
    assert [found.file for found in specc.check(specc.Spec.from_dict(spec, "trial 7"))] == ["trial 7"]
    assert [found.file for found in specc.check(specc.Spec.from_text(WRONG))] == ["<text>"]


def test_mistakes_of_a_text_can_be_pickled() -> None:
    with pytest.raises(specc.CompileError) as caught:
        specc.Spec.from_text("layers: [{type: Dense, type: Dense}, [")
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
