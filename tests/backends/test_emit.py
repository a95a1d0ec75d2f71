"""Where results go: files, standard output, and that nothing that was read is ever replaced."""

from __future__ import annotations

import io
import os
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

import specc
from specc.backends import emit
from specc.backends.formats import named
from tests.support import command
from tests.support.graphs import blocks

SPEC = "layers: [{type: Input, name: x, shape: [4]}, {type: Dense, name: y, units: 8}]\n"
BLOCKS = "blocks: {part: {inputs: [x], layers: [{type: Dense, name: y, units: 2}], outputs: [y]}}\n"
WHOLE = """{"include": ["blocks/part.py"],
"layers": [{"type": "Input", "name": "x", "shape": [4]}, {"type": "part", "name": "y"}]}
"""


def run(folder: Path, *arguments: str) -> command.Result:
    return command.specc(*arguments, folder=folder)


def refused(result: command.Result, *words: str) -> None:
    """Exit code 2, and one line that says why, without a temporary name."""
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("specc: error: ")
    assert len(result.err.splitlines()) == 1
    assert ".specc-" not in result.err
    for word in words:
        assert word in result.err


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# -- Formats ---------------------------------------------------------------------------------------


def test_options_reach_the_writer_of_a_picture() -> None:
    mmd = named("mmd")
    assert emit.picture(blocks(), mmd, depth="all").count(b"subgraph") == 2
    assert emit.picture(blocks(), mmd, depth=0).count(b"subgraph") == 0
    assert b"flowchart LR" in emit.picture(blocks(), mmd, direction="right")


def test_what_there_is_to_say_of_a_picture_is_said_once() -> None:
    said: list[str] = []
    emit.picture(blocks(), depth=0, say=said.append)
    assert said == ["folded: block \N{MULTIPLICATION SIGN} 2 (--expand block, --depth 1)"]
    assert said[0].encode() in emit.picture(blocks(), named("text"), depth=0, say=said.append)
    assert len(said) == 1


@pytest.mark.parametrize(("format", "option", "error"), [
    ("svg", {"dpi": 300}, "dpi changes nothing in .svg; it is for .png"),
    ("dot", {"fit": "page"}, "fit changes nothing in .dot; it is for .svg, .png, .pdf"),
    ("mmd", {"theme": "dark"}, "theme changes nothing in .mmd; it is for .svg, .png, .pdf, .html"),
])  # fmt: skip
def test_an_option_that_would_change_nothing_is_refused(format: str, option: Any, error: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(error)}$"):
        emit.picture(blocks(), named(format), **option)


def test_a_bad_ending_is_the_same_error_in_every_command(tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_text(SPEC)
    for arguments in (["build", "net.yaml"], ["graph", "net.yaml"], ["schema"]):
        refused(run(tmp_path, *arguments, "-o", "a.xyz"), "unknown ending '.xyz' of a.xyz; endings: ")
    assert list(everything(tmp_path)) == ["net.yaml"]


def test_endings_in_capitals(tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_text(SPEC)
    for arguments in (["build", "net.yaml", "-o", "NET.PY"], ["graph", "net.yaml", "-o", "NET.DOT"]):
        assert run(tmp_path, *arguments) == (0, f"wrote {arguments[-1]}\n", "")
    assert "import keras" in (tmp_path / "NET.PY").read_text()
    assert (tmp_path / "NET.DOT").read_text().startswith("digraph")


# -- Standard output -------------------------------------------------------------------------------


def test_standard_output_has_the_result_alone(tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_text(SPEC)
    for arguments, begin in {
        ("build", "--to", "py"): "# -*- coding: utf-8", ("build", "--to", "json"): "{\n", ("build",): "PK",
        ("graph",): "<svg ", ("graph", "--to", "dot"): "digraph", ("graph", "--to", "mmd"): "---\ntitle: \"net\"", ("graph", "--to", "html"): "<!DOCTYPE html>",
        ("graph", "--to", "png"): "\udc89PNG", ("graph", "--to", "pdf"): "%PDF", ("schema",): "{\n",
    }.items():  # fmt: skip
        spec = [] if arguments == ("schema",) else ["net.yaml"]
        result = run(tmp_path, *arguments, *spec, "-o", "-")
        assert (result.code, result.err) == (0, "")
        assert result.out.lower().startswith(begin.lower()), arguments
        assert "wrote" not in result.out.splitlines()[-1]
    assert list(everything(tmp_path)) == ["net.yaml"]


def test_what_goes_to_standard_output_is_whole(tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_text(SPEC)
    out = run(tmp_path, "build", "net.yaml", "-o", "-").out.encode("utf-8", "surrogateescape")
    with zipfile.ZipFile(io.BytesIO(out)) as file:
        assert file.testzip() is None


@pytest.mark.parametrize(
    "arguments", [["build"], ["build", "--to", "onnx"], ["graph", "--to", "png"], ["graph", "--to", "pdf"]]
)
def test_a_terminal_gets_no_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]) -> None:
    (tmp_path / "net.yaml").write_text(SPEC)
    monkeypatch.setattr(command.Out, "terminal", True)
    refused(run(tmp_path, *arguments, "net.yaml", "-o", "-"), "a terminal cannot show ", "> out.")


# -- What was read ---------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A spec under several names, with a file that it includes."""
    (tmp_path / "blocks").mkdir()
    (tmp_path / "other").mkdir()
    (tmp_path / "blocks" / "part.py").write_text(BLOCKS)
    (tmp_path / "net.json").write_text(WHOLE)
    (tmp_path / "soft.json").symlink_to("net.json")
    os.link(tmp_path / "net.json", tmp_path / "hard.json")
    os.link(tmp_path / "blocks" / "part.py", tmp_path / "part.py")
    (tmp_path / "other" / "net.json").symlink_to("../net.json")
    (tmp_path / "linked").symlink_to("other")
    return tmp_path


@pytest.mark.parametrize(("spec", "target"), [
    ("net.json", "net.json"), ("net.json", "./net.json"), ("./net.json", "net.json"), ("net.json", "other/../net.json"), ("net.json", "soft.json"),
    ("net.json", "hard.json"), ("soft.json", "net.json"), ("soft.json", "soft.json"), ("hard.json", "soft.json"), ("net.json", "linked/net.json"),
    ("net.json", "blocks/part.py"), ("net.json", "part.py"), ("soft.json", "linked/../blocks/part.py"),
])  # fmt: skip
def test_a_file_that_was_read_is_never_replaced(folder: Path, spec: str, target: str) -> None:
    before = everything(folder)
    refused(run(folder, "build", spec, "-o", target), target, "is read by this command")
    refused(run(folder, "build", spec, "-o", str(folder / target)), "is read by this command")
    assert everything(folder) == before


def test_nor_by_the_name_that_it_has_by_default(tmp_path: Path) -> None:
    text = WHOLE.replace('"include": ["blocks/part.py"],', "").replace("part", "Flatten")
    for name, arguments in {"a.json": ["build", "--to", "json"], "b.keras": ["build"], "c.svg": ["graph"]}.items():
        (tmp_path / name).write_text(text)
        refused(run(tmp_path, *arguments, name), name, "is read by this command")
        assert (tmp_path / name).read_text() == text


def test_nor_a_plugin(tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_text(SPEC)
    (tmp_path / "replaced_plugin.py").write_text("text = 1\n")
    for plugin in ("replaced_plugin", "./replaced_plugin.py"):
        result = run(tmp_path, "build", "net.yaml", "--plugin", plugin, "-o", "replaced_plugin.py")
        refused(result, "replaced_plugin.py is read by this command")
    assert (tmp_path / "replaced_plugin.py").read_text() == "text = 1\n"


def test_nor_a_folder_that_contains_it(folder: Path) -> None:
    before = everything(folder)
    for target in (".", "blocks", "linked/.."):
        refused(run(folder, "build", "net.json", "-o", target), "contains ", "which this command reads")
    refused(run(folder, "build", "net.json", "-o", "other/"), "is not a SavedModel")
    assert everything(folder) == before


def test_nor_through_a_graph(folder: Path) -> None:
    graph = specc.compile(folder / "net.json")
    for target in ("net.json", "part.py"):
        with pytest.raises(ValueError, match="is read by this command"):
            emit.write(graph, str(folder / target))
    assert emit.write(specc.compile(specc.Spec.from_text(SPEC)), str(folder / "free.py")) == str(folder / "free.py")


def test_a_saved_model_with_other_files_is_kept(tmp_path: Path) -> None:
    (tmp_path / "net.yaml").write_text(SPEC)
    (tmp_path / "served").mkdir()
    for name in ("saved_model.pb", "thesis.txt"):
        (tmp_path / "served" / name).write_text("old")
    before = everything(tmp_path)
    refused(run(tmp_path, "build", "net.yaml", "-o", "served"), "has other files too")
    assert everything(tmp_path) == before


def test_a_saved_model_stays_if_the_new_one_cannot_take_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "saved_model.pb").write_text("old")
    replace = os.replace

    def fail(source: Any, target: Any) -> None:
        if Path(source).name == "new":
            raise OSError(5, "Input/output error")
        replace(source, target)

    monkeypatch.setattr(os, "replace", fail)
    graph = specc.compile(specc.Spec.from_text(SPEC))
    with pytest.raises(OSError, match="Input/output error"):
        emit.write(graph, str(tmp_path / "out"))
    assert (tmp_path / "out" / "saved_model.pb").read_text() == "old"
    assert list(everything(tmp_path)) == ["out/saved_model.pb"]
