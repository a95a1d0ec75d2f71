"""The Python API without Keras: what is accepted, given back and raised."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import specc

SPEC: dict[str, Any] = {
    "vars": {"width": 8},
    "variants": {"tiny": {"width": 2}},
    "layers": [{"type": "Input", "name": "x", "shape": [4]}, {"type": "Dense", "name": "y", "units": "$width"}],
}
TEXT = "layers: [{type: Input, name: x, shape: [4]}, {type: Dense, name: y, units: 8}]\n"


def test_public_names() -> None:
    assert specc.__all__ == sorted(specc.__all__, key=lambda name: (name[0].islower(), name))
    for name in specc.__all__:
        assert getattr(specc, name).__doc__
        assert name in dir(specc)
    with pytest.raises(AttributeError, match="no attribute 'complie'"):
        specc.complie  # noqa: B018


def test_a_spec_in_every_form(tmp_path: Path) -> None:
    path = tmp_path / "net.yaml"
    path.write_text(TEXT)
    for spec in (
        SPEC,
        path,
        str(path),
        specc.Spec.from_dict(SPEC),
        specc.Spec.from_text(TEXT),
        specc.Spec.from_file(path),
    ):
        assert specc.compile(spec).params == 40
        assert specc.check(spec) == []


def test_choices() -> None:
    assert specc.compile(SPEC, variant="tiny").params == 10
    assert specc.compile(SPEC, set={"width": 3}).params == 15
    assert specc.compile(SPEC, variant="tiny", set={"width": 4}).params == 20
    assert [it.code for it in specc.check(SPEC, variant="none")] == ["unknown-variant"]


def test_a_spec_can_be_compiled_again_and_is_not_changed() -> None:
    spec = specc.Spec.from_dict(SPEC)
    before = spec.text
    assert [specc.compile(spec, set={"width": width}).params for width in (1, 2, 1)] == [5, 10, 5]
    assert spec.text == before
    assert SPEC["layers"][1]["units"] == "$width"


def test_names_do_not_depend_on_what_was_compiled_before() -> None:
    spec = {"layers": [{"type": "Input", "shape": [4]}, {"type": "Dense", "units": 1}]}
    assert [list(specc.compile(spec).nodes) for _ in range(2)] == [["input_layer", "dense"]] * 2


def test_errors_are_carried_and_shown() -> None:
    with pytest.raises(specc.CompileError) as caught:
        specc.compile({"layers": [{"type": "Dens"}, {"type": "Conv2d"}]})
    assert [it.code for it in caught.value.diagnostics] == ["unknown-layer", "unknown-layer"]
    assert "did you mean 'Dense'?" in str(caught.value)
    (diagnostic,) = specc.check({"layers": 3})
    assert (diagnostic.code, diagnostic.severity, diagnostic.place.path) == ("invalid-value", "error", ("layers",))


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.yaml", tmp_path, "a\0b.yaml"):
        with pytest.raises(specc.UnreadableError):
            specc.compile(path)
        with pytest.raises(specc.UnreadableError):
            specc.check(path)


def test_texts_that_are_no_specs() -> None:
    for text in ("", "[", "3", "a: [1\n", '{"a": 1,}'):
        with pytest.raises(specc.CompileError):
            specc.compile(specc.Spec.from_text(text))


def test_a_wrong_spec_is_refused_without_an_import_of_keras() -> None:
    refused = """if True:
        import sys, specc
        try:
            specc.build({"layers": []})
        except specc.CompileError:
            print({"keras", "tensorflow"} & set(sys.modules))
    """
    assert (
        subprocess.run([sys.executable, "-c", refused], capture_output=True, text=True, check=True).stdout == "set()\n"
    )


def test_what_check_warns_of_build_warns_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("specc.backends.keras_model.build", lambda graph, seed: graph.form)
    spec = specc.Spec.from_text(TEXT.replace("units: 8", "units: 8, repeat: 1000"))
    with pytest.warns(UserWarning, match="1,001 layers deep.*setrecursionlimit"):
        assert specc.build(spec) == "sequential"


def test_a_form_that_is_none() -> None:
    with pytest.raises(ValueError, match="form must be 'auto', 'sequential' or 'functional', not 'xyz'"):
        specc.build(specc.Spec.from_text(TEXT), form="xyz")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"spec": 5}, "a spec is a path, a dict or a specc.Spec, not int"),
        ({"spec": {"layers": []}, "set": 3}, "set is a map of vars to values, not int"),
        ({"spec": {"layers": []}, "set": ["a=1"]}, "set is a map of vars to values, not list"),
    ],
)
def test_arguments_of_the_wrong_type(arguments: dict[str, Any], message: str) -> None:
    for function in (specc.compile, specc.check, specc.build):
        with pytest.raises(TypeError, match=message):
            function(**arguments)
