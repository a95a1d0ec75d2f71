"""Inside a whole spec that is used as a block, its parts about the whole model count for its layers, with the instance's values."""

from __future__ import annotations

from pathlib import Path

import specc
from specc.diagnostics.text import file_name

PART = """\
vars: {precision: mixed_float16, frozen: [a], init: zeros}
defaults: {Dense: {kernel_initializer: $init}}
dtype_policy: $precision
freeze: $frozen
layers:
  - {type: Input, name: x, shape: [4]}
  - {type: Dense, name: a, units: 2}
  - {type: Dense, name: b, units: 2, kernel_initializer: ones}
"""
SPEC = "include: [part.yaml]\nlayers:\n  - {type: Input, name: x, shape: [4]}\n  - {type: part, name: p%s}\n"


def spec(folder: Path, keys: str, top: str = "", part: str = PART) -> Path:
    (folder / "part.yaml").write_text(part)
    (folder / "spec.yaml").write_text(top + SPEC % keys)
    return folder / "spec.yaml"


def given(folder: Path, keys: str, top: str = "") -> dict[str, dict[str, object]]:
    nodes = specc.compile(spec(folder, keys, top)).nodes
    return {
        name[2:]: {key: str(it) for key, it in nodes[name].layer.given().items() if key != "units"}
        for name in ("p.a", "p.b")
    }


def test_its_policy_is_the_dtype_of_its_layers(tmp_path: Path) -> None:
    assert {it["dtype"] for it in given(tmp_path, "").values()} == {"mixed_float16"}
    assert {it["dtype"] for it in given(tmp_path, ", precision: bfloat16").values()} == {"bfloat16"}
    assert {it["dtype"] for it in given(tmp_path, ", dtype: float32", "dtype_policy: float64\n").values()} == {
        "float32"
    }


def test_what_it_freezes_is_frozen(tmp_path: Path) -> None:
    found = given(tmp_path, "")
    assert (found["a"].get("trainable"), found["b"].get("trainable")) == ("False", None)
    found = given(tmp_path, ', frozen: ["*"]')
    assert (found["a"].get("trainable"), found["b"].get("trainable")) == ("False", "False")
    found = given(tmp_path, "", "freeze: [p.b]\n")
    assert (found["a"].get("trainable"), found["b"].get("trainable")) == ("False", "False")


def test_a_name_that_it_does_not_have(tmp_path: Path) -> None:
    (found,) = specc.check(spec(tmp_path, ", frozen: [c]"))
    assert (found.code, found.message) == ("unknown-name", 'freeze: there is no layer "c"')
    (found,) = specc.check(spec(tmp_path, ", precision: half"))
    assert (found.code, found.message) == ("argument-value", '"half" is not a dtype policy')


def test_its_defaults_have_the_instance_s_values(tmp_path: Path) -> None:
    found = given(tmp_path, ", init: he_normal")
    assert (found["a"]["kernel_initializer"], found["b"]["kernel_initializer"]) == ("he_normal", "ones")
    assert given(tmp_path, "")["a"]["kernel_initializer"] == "zeros"


def test_an_error_inside_shows_the_instance(tmp_path: Path) -> None:
    (found,) = specc.check(spec(tmp_path, "", part=PART.replace("[4]", "[null, 4]")))
    assert found.message == "'p' (part) takes (None, None, 4) at 'x', not (None, 4)"
    assert Path(file_name(found.place)).name == "spec.yaml"
