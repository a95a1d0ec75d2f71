"""The comments of a text, by what they are about."""

from __future__ import annotations

from specc.frontend.comments import comments, head
from specc.frontend.read import read_text

TEXT = """\
# the file
#
# goes on
vars: {width: 3}   # not of width alone
# above
layers:   # beside
  - {type: Input, name: "a # b"}  # an input
  # no space between
  #two lines
  - type: Dense
    units: 3
  - ReLU
"""


def test_comments() -> None:
    document = read_text(TEXT, "spec.yaml")
    assert head(document) == ["the file", "goes on"]
    assert comments(document, ("vars",), "key") == ["the file", "goes on"]
    assert comments(document, ("vars", "width")) == ["not of width alone"]
    assert comments(document, ("layers",), "key") == ["above", "beside"]
    assert comments(document, ("layers", 0)) == ["an input"]
    assert comments(document, ("layers", 1)) == ["no space between", "two lines"]
    assert comments(document, ("layers", 2)) == []


def test_json_has_none() -> None:
    document = read_text('{"layers": [\n  {"type": "ReLU"}\n]}', "spec.json")
    assert (head(document), comments(document, ("layers", 0))) == ([], [])
