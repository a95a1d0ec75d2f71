"""What ``freeze`` names, as arguments of instances; more is in ``compared/frozen.yaml``."""

from __future__ import annotations

import pytest

import specc
from specc.backends.python.program import as_program
from specc.backends.python.reading.expressions import Unwritable
from tests.support.checking import spec

TEXT = """
    freeze: [{freeze}]
    blocks:
      two:
        inputs: [x]
        layers: [{{type: Dense, name: hidden, units: 4, from: x}}, {{type: Dense, name: out, units: 4}}]
        outputs: [out]
    layers:
      - {{type: Input, name: x, shape: [4]}}
      - {{type: two, name: a}}
      - {{type: two, name: b}}
      - {{type: Dense, name: c, units: 4, repeat: 2}}
"""


@pytest.mark.parametrize("freeze", ["a, b.hidden", "c_1", '"*hidden", "b*"'])
def test_names_of_some_places_have_no_form(freeze: str) -> None:
    with pytest.raises(Unwritable, match="layers that freeze names in some of their places"):
        as_program.source(specc.compile(spec(TEXT.format(freeze=freeze))))


@pytest.mark.parametrize(("freeze", "frozen"), [("a", 1), ('"*"', 2), ('"*hidden"', 0), ("a, a.hidden, c", 1)])
def test_instances_say_that_they_are_frozen(freeze: str, frozen: int) -> None:
    source = as_program.source(specc.compile(spec(TEXT.format(freeze=freeze))))
    assert source.count("(trainable=False, name=") == frozen
