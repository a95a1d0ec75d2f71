"""Included files bring their blocks, and nothing outside the spec's folder is ever read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import specc
from specc.diagnostics.text import file_name

BLOCK = "blocks:\n  {name}:\n    inputs: [x]\n    layers:\n      - {{type: Dense, name: out, units: {units}}}\n    outputs: [out]\n"
LAYERS = "layers:\n  - {type: Input, name: x, shape: [4]}\n"


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path = path.with_name(f"{path.name}.yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def said(path: Path) -> list[str]:
    return [
        f"{Path(file_name(it.place)).name}:{it.place.span.line} {it.code}: {it.message}" for it in specc.check(path)
    ]


def test_blocks_of_a_file_and_of_the_files_it_includes(tmp_path: Path) -> None:
    write(
        tmp_path,
        spec=f"include: [blocks/a.yaml]\n{LAYERS}  - {{type: first, name: a}}\n  - {{type: second, name: b}}\n",
        blocks__a="include: [more/b.yaml]\n" + BLOCK.format(name="first", units=3),
        blocks__more__b=BLOCK.format(name="second", units=2),
    )
    graph = specc.compile(tmp_path / "spec.yaml")
    nodes = {name: node.type for name, node in graph.nodes.items() if not node.naming}
    assert nodes == {"x": "Input", "a.out": "Dense", "b.out": "Dense"}
    assert graph.params == 4 * 3 + 3 + 3 * 2 + 2


def test_a_json_file_and_a_yaml_file_include_each_other_s_kind(tmp_path: Path) -> None:
    (tmp_path / "spec.json").write_text(
        '{"include": ["b.yaml", "c.json"], "layers": [{"type": "Input", "name": "x", "shape": [4]}, {"type": "first", "name": "a"}]}'
    )
    write(tmp_path, b=BLOCK.format(name="first", units=3))
    (tmp_path / "c.json").write_text('{"blocks": {}}')
    assert specc.compile(tmp_path / "spec.json").params == 15


def test_each_file_has_values_and_defaults_of_its_own(tmp_path: Path) -> None:
    write(
        tmp_path,
        spec=f"include: [b.yaml]\nvars: {{width: 2}}\ndefaults: {{Dense: {{use_bias: false}}}}\n{LAYERS}"
        "  - {type: first, name: a}\n  - {type: Dense, name: y, units: $width}\n",
        b="vars: {width: 7}\ndefaults: {Dense: {activation: relu}}\n" + BLOCK.format(name="first", units="$width"),
    )
    graph = specc.compile(tmp_path / "spec.yaml")
    assert graph.nodes["a.out"].layer.given() == {"units": 7, "activation": "relu"}
    assert graph.nodes["y"].layer.given() == {"units": 2, "use_bias": False}


def test_a_file_that_two_others_include_is_read_once(tmp_path: Path) -> None:
    write(
        tmp_path,
        spec=f"include: [a.yaml, b.yaml, ./common.yaml, a.yaml]\n{LAYERS}  - {{type: shared, name: y}}\n",
        a="include: [common.yaml]\n",
        b="include: [common.yaml]\n",
        common=BLOCK.format(name="shared", units=1),
    )
    assert said(tmp_path / "spec.yaml") == []


def test_circles(tmp_path: Path) -> None:
    write(
        tmp_path,
        spec=f"include: [a.yaml]\n{LAYERS}",
        a="include: [b.yaml]\n",
        b="include: [a.yaml, spec.yaml]\n",
        self=f"include: [self.yaml]\n{LAYERS}",
    )
    assert [line.split(": ")[0] for line in said(tmp_path / "spec.yaml")] == ["b.yaml:1 include-cycle"] * 2
    assert [line.split(": ")[0] for line in said(tmp_path / "self.yaml")] == ["self.yaml:1 include-cycle"]


@pytest.mark.parametrize(
    "name",
    [
        "../outside.yaml", "sub/../../outside.yaml", "/etc/passwd", "//etc/passwd", "C:/x.yaml", "..", ".", "~/x.yaml", "",
        "https://example.com/x.yaml", "file:///etc/passwd", "sub\\\\x.yaml", "link.yaml", "linked/outside.yaml", "missing.yaml",
        "sub", "x\\0.yaml", "a/" * 3000 + "b.yaml", "n" * 300 + ".yaml", "fifo.yaml", "/dev/zero",
    ],
)  # fmt: skip
def test_what_cannot_be_included(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "spec"
    (folder / "sub").mkdir(parents=True)
    write(tmp_path, outside=BLOCK.format(name="secret", units=1))
    (folder / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    (folder / "linked").symlink_to(tmp_path)
    os.mkfifo(folder / "fifo.yaml")
    write(folder, spec=f'include: ["{name}"]\n{LAYERS}  - {{type: Dense, name: y, units: 1}}\n')
    found = specc.check(folder / "spec.yaml")
    assert found
    assert {it.code for it in found} <= {"include", "invalid-text"}
    assert "secret" not in str(specc.CompileError(found))


def test_errors_in_an_included_file_are_shown_there(tmp_path: Path) -> None:
    write(
        tmp_path,
        spec=f"include: [b.yaml, c.yaml]\n{LAYERS}  - {{type: first, name: a}}\n",
        b="blocks:\n  first:\n    inputs: [x]\n    layrs: []\n    outputs: [out]\n",
        c="a: [\n",
    )
    assert said(tmp_path / "spec.yaml") == [
        "b.yaml:4 unknown-key: block 'first' has no key \"layrs\"",
        "c.yaml:1 syntax: this is not valid YAML: a bracket is not closed",
    ]
    write(tmp_path, c="{}\n", b=BLOCK.format(name="first", units=0))
    (found,) = specc.check(tmp_path / "spec.yaml")
    assert [(it.message, Path(file_name(it.place)).name) for it in found.related] == [("in 'a'", "spec.yaml")]


def test_errors_in_an_included_file_keep_their_fix(tmp_path: Path) -> None:
    write(tmp_path, spec=f"include: [b.yaml]\n{LAYERS}", b=BLOCK.format(name="b", units=1).replace("layers", "layrs"))
    (found,) = specc.check(tmp_path / "spec.yaml")
    assert found.as_dict()["fix"]["text"] == "layers"
    assert [further.message for further in found.related] == ["included here"]


def test_an_included_file_without_layers_holds_blocks_only(tmp_path: Path) -> None:
    write(tmp_path, spec=f"include: [b.yaml]\n{LAYERS}", b="name: x\n")
    assert said(tmp_path / "spec.yaml")[0].startswith("b.yaml:1 unknown-key: the included file has no key")


def test_a_spec_without_a_folder_includes_nothing() -> None:
    for found in (
        specc.check({"include": ["a.yaml"], "layers": []}),
        specc.check(specc.Spec.from_text(f"include: [a.yaml]\n{LAYERS}", "a.yaml")),
    ):
        assert [it.code for it in found] == ["include"]


def test_many_files(tmp_path: Path) -> None:
    for number in range(150):
        write(tmp_path, **{f"f{number}": f"include: [f{number + 1}.yaml]\n"})
    write(tmp_path, spec=f"include: [f0.yaml]\n{LAYERS}", f150="{}\n")
    assert [it.code for it in specc.check(tmp_path / "spec.yaml")] == ["too-large"]


# -- The root --------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a spec two levels down that includes a file at its top."""
    write(
        tmp_path,
        top=BLOCK.format(name="top", units=3),
        nets__small__spec=f"include: [../../top.yaml]\n{LAYERS}  - {{type: top, name: y}}\n",
    )
    return tmp_path


def test_a_project_s_folder_is_the_root(project: Path) -> None:
    spec = project / "nets" / "small" / "spec.yaml"
    assert [it.split(": ")[:2] for it in said(spec)] == [
        ["spec.yaml:1 include", '"../../top.yaml" is outside the folder of the spec']
    ]
    (project / "pyproject.toml").write_text("[tool.other]\n")
    assert len(said(spec)) == 1
    (project / "pyproject.toml").write_text("[tool.specc]\n")
    assert said(spec) == []
    (project / "nets" / "pyproject.toml").write_text("[tool.specc]\nplugins = []\n")
    (found,) = specc.check(spec)
    assert found.message == f'"../../top.yaml" is outside the root, "{project / "nets"}"', "the nearest one"


def test_a_root_that_the_user_names(project: Path) -> None:
    spec = project / "nets" / "small" / "spec.yaml"
    assert specc.check(specc.Spec.from_file(spec, root=project)) == []
    (project / "pyproject.toml").write_text("[tool.specc]\n")
    (found,) = specc.check(specc.Spec.from_file(spec, root=project / "nets"))
    assert found.code == "include"


def test_a_link_does_not_lead_out_of_the_root(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.specc]\n")
    outside = project.parent / f"{project.name}-outside.yaml"
    outside.write_text(BLOCK.format(name="top", units=3))
    (project / "top.yaml").unlink()
    (project / "top.yaml").symlink_to(outside)
    assert [it.code for it in specc.check(project / "nets" / "small" / "spec.yaml")] == ["include"]


def test_a_project_is_looked_for_only_if_an_include_goes_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from specc import project

    monkeypatch.setattr(project, "settings", lambda folder: pytest.fail("read"))
    write(tmp_path, spec=f"include: [b.yaml]\n{LAYERS}  - {{type: b, name: y}}\n", b=BLOCK.format(name="b", units=1))
    assert said(tmp_path / "spec.yaml") == []
