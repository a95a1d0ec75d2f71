"""In which format a target is written."""

from __future__ import annotations

import pytest

from specc.backends.formats import Format, written_by
from specc.backends.targets import TargetError, choose

MODELS, PICTURES = written_by("build"), written_by("graph")


@pytest.mark.parametrize(("target", "to", "formats", "expected"), [
    (None, None, MODELS, ("net.keras", "keras")), (None, None, PICTURES, ("net.svg", "svg")),
    (None, "onnx", MODELS, ("net.onnx", "onnx")), (None, "savedmodel", MODELS, ("net", "savedmodel")),
    (None, "text", PICTURES, ("-", "text")), ("a.txt", None, PICTURES, ("a.txt", "text")),
    ("a.py", None, MODELS, ("a.py", "py")), ("a.KERAS", None, MODELS, ("a.KERAS", "keras")), ("A.SvG", None, PICTURES, ("A.SvG", "svg")),
    ("a.json", "json", MODELS, ("a.json", "json")), ("a", "json", MODELS, ("a", "json")), ("a.txt", "py", MODELS, ("a.txt", "py")),
    ("a", None, MODELS, ("a", "savedmodel")), ("a.v1/", None, MODELS, ("a.v1/", "savedmodel")), ("a.v1", "savedmodel", MODELS, ("a.v1", "savedmodel")),
    (".py", None, MODELS, (".py", "py")), ("a.b/c", None, MODELS, ("a.b/c", "savedmodel")),
    ("-", None, MODELS, ("-", "keras")), ("-", "json", MODELS, ("-", "json")), ("-", "dot", PICTURES, ("-", "dot")),
])  # fmt: skip
def test_what_a_target_says(target: str | None, to: str | None, formats: tuple[Format, ...], expected: object) -> None:
    chosen, format = choose(target, to, formats, "net")
    assert (chosen, format.name) == expected


@pytest.mark.parametrize(("target", "to", "formats", "words"), [
    ("a.xyz", None, MODELS, "unknown ending '.xyz' of a.xyz; endings: .keras, .json, .py, .onnx, or no ending for a TensorFlow SavedModel, a folder"),
    ("a.xyz", None, PICTURES, "unknown ending '.xyz' of a.xyz; endings: .svg, .png, .pdf, .dot, .mmd, .txt, .html"),
    ("a.kera", None, MODELS, "did you mean '.keras'?"), ("a.pgn", None, PICTURES, "did you mean '.png'?"), ("a", None, PICTURES, "a has no ending; endings: "),
    ("a.svg", None, MODELS, "'specc graph' writes .svg"), ("a.KERAS", None, PICTURES, "'specc build' writes .KERAS"),
    ("a.json", "keras", MODELS, "a.json ends in .json, but --to says keras"), ("a.h5", None, MODELS, "unknown ending '.h5'"),
    ("a/", "json", MODELS, "a/ is a folder, and json is a file"), ("a/", None, PICTURES, "a/ is a folder"), ("-", "savedmodel", MODELS, "cannot go to standard output"),
    ("a", "yaml", MODELS, "unknown format 'yaml'"),
])  # fmt: skip
def test_a_target_that_is_none(target: str, to: str | None, formats: tuple[Format, ...], words: str) -> None:
    with pytest.raises(TargetError) as error:
        choose(target, to, formats, "net")
    assert words in str(error.value)
