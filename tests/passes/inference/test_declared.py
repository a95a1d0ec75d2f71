"""A whole spec that is used as a block gets the tensors that its Input layers declare, or an error at the instance."""

from __future__ import annotations

from pathlib import Path

import pytest

import specc
from specc.diagnostics.text import file_name

PART = "layers:\n  - {type: Input, name: image, %s}\n  - Flatten\n  - {type: Activation, name: y, activation: relu}\n"
SPEC = (
    "include: [part.yaml]\nlayers:\n  - {type: Input, name: x, %s}\n  - {type: part, name: p%s}\n"
    "  - {type: Dense, name: z, units: 1}\n"
)


def check(folder: Path, declared: str, given: str, keys: str = "") -> list[specc.Diagnostic]:
    (folder / "part.yaml").write_text(PART % declared)
    (folder / "spec.yaml").write_text(SPEC % (given, keys))
    return specc.check(folder / "spec.yaml")


@pytest.mark.parametrize("keys", ["", ", nested: true"])
@pytest.mark.parametrize(
    ("declared", "given", "message"),
    [
        ("shape: [4, 4, 3]", "shape: [4, 5, 3]", "takes (None, 4, 4, 3) at 'image', not (None, 4, 5, 3)"),
        ("shape: [4, 4, 3]", "shape: [4, 3]", "takes (None, 4, 4, 3) at 'image', not (None, 4, 3)"),
        ("shape: [4], dtype: int32", "shape: [4]", "takes int32 at 'image', not float32"),
        ("shape: [4]", "shape: [4], dtype: uint8", "takes float32 at 'image', not uint8"),
        ("shape: [4], batch_size: 2", "shape: [4], batch_size: 3", "takes (2, 4) at 'image', not (3, 4)"),
    ],
)
def test_what_does_not_fit(tmp_path: Path, keys: str, declared: str, given: str, message: str) -> None:
    (found,) = check(tmp_path, declared, given, keys)
    assert found.message == f"'p' (part) {message}"
    assert (Path(file_name(found.place)).name, found.place.span.line) == ("spec.yaml", 4)
    assert [(Path(file_name(it.place)).name, it.place.span.line) for it in found.related] == [
        ("spec.yaml", 3),
        ("part.yaml", 2),
    ]


@pytest.mark.parametrize("keys", ["", ", nested: true"])
@pytest.mark.parametrize(
    ("declared", "given"),
    [
        ("shape: [null, 3]", "shape: [4, 3]"),
        ("shape: [4], dtype: float16", "shape: [4]"),
        ("shape: [4], batch_size: 2", "shape: [4]"),
        ("shape: [4]", "shape: [4], batch_size: 2"),
    ],
)
def test_what_fits(tmp_path: Path, keys: str, declared: str, given: str) -> None:
    assert check(tmp_path, declared, given, keys) == []


@pytest.mark.parametrize(("given", "help"), [("[6, 6, 3]", "size: 6"), ("[6, 7, 3]", "size: null")])
def test_a_size_that_an_argument_says(tmp_path: Path, given: str, help: str) -> None:
    (tmp_path / "part.yaml").write_text("vars: {size: 4}\n" + PART % "shape: [$size, $size, 3]")
    (tmp_path / "spec.yaml").write_text(SPEC % (f"shape: {given}", ""))
    (found,) = specc.check(tmp_path / "spec.yaml")
    assert found.help == f"its argument says that size: write {help}"
    (tmp_path / "spec.yaml").write_text(SPEC % (f"shape: {given}", f", {help}"))
    assert specc.check(tmp_path / "spec.yaml") == []


def test_sizes_that_are_open_fit_whatever_they_become(tmp_path: Path) -> None:
    """The caller's tensor decides; trying sizes for what is open does not bring an error about what is declared."""
    (tmp_path / "part.yaml").write_text(
        "layers:\n  - {type: Input, name: x, shape: [16, 4]}\n  - {type: Dense, name: y, units: 2}\n"
    )
    for keys in ("", ", nested: true"):
        text = f"include: [part.yaml]\nlayers:\n  - {{type: Input, name: x, shape: [null, 4]}}\n  - {{type: part, name: p{keys}}}\n"
        (tmp_path / "spec.yaml").write_text(text)
        assert specc.check(tmp_path / "spec.yaml") == []
        graph = specc.compile(tmp_path / "spec.yaml")
        assert [it.shape for it in graph.outputs.values()] == [(None, None, 2)]


def test_a_wrong_tensor_is_reported_once_and_not_what_follows(tmp_path: Path) -> None:
    (tmp_path / "part.yaml").write_text(
        "layers:\n  - {type: Input, name: x, shape: [4]}\n  - {type: Dense, name: a, units: 2}\n"
        "  - {type: Dense, name: b, units: 3, from: x}\n  - {type: Concatenate, name: y, from: [a, b]}\n"
    )
    items = "  - {type: part, name: p, repeat: 3}\n  - {type: Add, name: z, from: [p, x]}\n"
    (tmp_path / "spec.yaml").write_text(
        f"include: [part.yaml]\nlayers:\n  - {{type: Input, name: x, shape: [4]}}\n{items}"
    )
    (found,) = specc.check(tmp_path / "spec.yaml")
    assert found.message == "'p_2' (part) takes (None, 4) at 'x', not (None, 5)"


def test_a_shared_call_is_checked_too(tmp_path: Path) -> None:
    (tmp_path / "part.yaml").write_text(PART % "shape: [4]")
    items = "  - {type: part, name: p, from: x}\n  - {share: p, name: q, from: w}\n"
    (tmp_path / "spec.yaml").write_text(
        f"include: [part.yaml]\nlayers:\n  - {{type: Input, name: x, shape: [4]}}\n  - {{type: Input, name: w, shape: [5]}}\n{items}"
    )
    (found,) = specc.check(tmp_path / "spec.yaml")
    assert found.message == "'q' (part) takes (None, 4) at 'x', not (None, 5)".replace("'x'", "'image'")
