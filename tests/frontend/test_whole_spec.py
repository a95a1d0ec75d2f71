"""A whole spec as a block: what its vars, inputs and outputs become, and whose its blocks, defaults and values are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import specc
from specc.diagnostics.text import file_name

TOWER = """\
name: tower
vars: {width: 8, depth: $(extra + 1), extra: 1, reg: null, name: x}
defaults: {Dense: {kernel_regularizer: $reg}}
blocks:
  unit:
    inputs: [x]
    layers:
      - {type: Dense, name: out, units: $width}
    outputs: [out]
layers:
  - {type: Input, name: x, shape: [8]}
  - {type: Input, shape: [4], dtype: int32}
  - {type: Embedding, input_dim: 10, output_dim: 3}
  - {type: Flatten, name: f}
  - {type: unit, name: u, repeat: $depth, from: x}
  - {type: Dense, name: side, units: 2, from: x}
  - {type: Concatenate, name: joined, from: [u, f]}
  - {type: Dense, name: head, units: 5}
  - {type: Dense, name: last, units: 3, when: $(extra > 1)}
compile: {optimizer: adam, loss: mse}
expect: {params: "< 1K"}
"""
AROUND = """\
include: [tower.yaml]
blocks: {unit: {inputs: [x], layers: [{type: ReLU, name: out}], outputs: [out]}}
layers:
  - {type: Input, name: a, shape: [8]}
  - {type: Input, name: k, shape: [4], dtype: int32}
"""


def write(folder: Path, items: str = "", **files: str) -> Path:
    """A spec with some items around a tower."""
    for name, text in {"tower": TOWER, "spec": AROUND + items, **files}.items():
        (folder / f"{name}.yaml").write_text(text)
    return folder / "spec.yaml"


def said(path: Path) -> list[str]:
    return [
        f"{Path(file_name(it.place)).name}:{it.place.span.line} {it.code}: {it.message}" for it in specc.check(path)
    ]


def outputs(path: Path) -> dict[str, tuple[int | None, ...]]:
    graph = specc.compile(path)
    return {it.name: graph.tensor(it.ref).shape for it in graph.graph.outputs}


def test_it_is_what_it_is_by_itself(tmp_path: Path) -> None:
    whole = specc.compile(write(tmp_path).with_name("tower.yaml"))
    expanded = specc.compile(write(tmp_path, "  - {type: tower, name: t, from: [a, k]}\n"))
    nested = specc.compile(write(tmp_path, "  - {type: tower, name: t, nested: true, from: {x: a, input_layer: k}}\n"))
    assert expanded.params == nested.params == whole.params
    names = {name.removeprefix("t."): node.type for name, node in expanded.nodes.items() if name.startswith("t.")}
    assert names == {name: node.type for name, node in whole.nodes.items() if node.type != "Input"}
    assert [it.name for it in expanded.graph.outputs] == ["t.side", "t.head"]


def test_vars_are_arguments_and_reach_its_blocks_and_defaults(tmp_path: Path) -> None:
    """Whatever order they are written in; one with the name of a key of every item is none."""
    path = write(
        tmp_path, "  - {type: tower, name: t, width: 4, extra: 3, reg: l2, from: [a, k]}\noutputs: [t.last, t.side]\n"
    )
    graph = specc.compile(path)
    units = [node.layer for name, node in graph.nodes.items() if ".u_" in name]
    assert [layer.given() for layer in units] == [{"units": 4, "kernel_regularizer": "l2"}] * 4
    assert outputs(path) == {"t.last": (None, 3), "t.side": (None, 2)}


def test_each_instance_has_values_of_its_own(tmp_path: Path) -> None:
    items = "  - {type: tower, name: one, width: 2, from: [a, k]}\n  - {type: unit, name: own, from: a}\n  - {type: tower, name: two, from: [own, k]}\n"
    nodes = specc.compile(write(tmp_path, items)).nodes
    assert nodes["one.u_1.out"].layer.given()["units"] == 2
    assert nodes["two.u_1.out"].layer.given()["units"] == 8
    assert nodes["own.out"].type == "ReLU", "the spec's own block of that name"


def test_outputs_by_list_and_by_map(tmp_path: Path) -> None:
    for given, port in (("[head, side]", "side"), ("{main: head, b: side}", "b")):
        spec = write(
            tmp_path,
            f"  - {{type: tower, name: t, from: [a, k]}}\n  - {{type: Dense, name: y, units: 1, from: t.{port}}}\n",
            tower=f"{TOWER}outputs: {given}\n",
        )
        assert specc.compile(spec).nodes["y"].refs()[0].node == "t.side"


def test_an_error_elsewhere_is_not_that_of_its_outputs(tmp_path: Path) -> None:
    """A nested model's outputs are not known then; nobody who names one is to blame."""
    items = "  - {type: Dense, name: w}\n  - {type: tower, name: t, nested: true, from: [a, k]}\n  - {type: Add, from: [t.side, t.side]}\n"
    assert [it.partition(": ")[0] for it in said(write(tmp_path, items))] == ["spec.yaml:6 missing-argument"]


def test_its_edges_are_its_own(tmp_path: Path) -> None:
    tower = "edges: [[x, d, y]]\nlayers:\n  - {type: Input, name: x, shape: [8]}\n  - {type: Dense, name: y, units: 1}\n  - {type: Dense, name: d, units: 2}\n"
    spec = "include: [tower.yaml]\nlayers:\n  - {type: Input, name: a, shape: [8]}\n  - {type: tower, name: t}\n"
    write(tmp_path, tower=tower, spec=spec)
    assert outputs(tmp_path / "spec.yaml") == {"t": (None, 1)}


def test_a_json_spec_that_includes_one(tmp_path: Path) -> None:
    write(tmp_path)
    inner = {
        "include": ["tower.yaml"],
        "layers": [
            {"type": "Input", "name": "p", "shape": [8]},
            {"type": "Input", "name": "q", "shape": [4], "dtype": "int32"},
            {"type": "tower", "name": "t", "width": 3},
        ],
        "edges": [["p", "t"], ["q", "t"]],
        "outputs": ["t.head"],
        "dtype_policy": "mixed_float16",
    }
    (tmp_path / "inner.json").write_text(json.dumps(inner))
    spec = write(
        tmp_path,
        "  - {type: inner, name: t, from: [a, k]}\n",
        spec=AROUND.replace("tower.yaml", "inner.json") + "  - {type: inner, name: t, from: [a, k]}\n",
    )
    graph = specc.compile(spec)
    assert graph.tensor(graph.graph.outputs[0].ref).dtype == "float16"
    assert graph.params == specc.compile(tmp_path / "inner.json").params


def test_a_block_file_that_two_specs_include(tmp_path: Path) -> None:
    """Each has it with values and blocks of its own around it."""
    block = (
        "blocks:\n  d:\n    inputs: [x]\n    layers:\n      - {type: Dense, name: out, units: 2}\n    outputs: [out]\n"
    )
    part = "include: [d.yaml]\nlayers:\n  - {type: Input, name: x, shape: [8]}\n  - {type: d, name: y}\n"
    spec = "include: [one.yaml, two.yaml, d.yaml]\nlayers:\n  - {type: Input, name: x, shape: [8]}\n  - {type: one, name: p, from: x}\n  - {type: two, name: q, from: x}\n  - {type: d, name: r}\n"
    write(tmp_path, d=block, one=part, two=part, spec=spec)
    assert said(tmp_path / "spec.yaml") == []


# -- What is wrong ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tower", "line"),
    [
        ("layers: []\n", "tower.yaml:1 include: the file is a spec without Input layers, which cannot be used as a block"),
        ("layers: [{type: Dens}]\n", "tower.yaml:1 include: the file is a spec without Input layers, which cannot be used as a block"),
        (
            "vars: {n: [a, b]}\nlayers:\n  - {type: Input, name: $f, shape: [8], each: {f: $n}}\n",
            "tower.yaml:3 include: the Input '$f' has 'each', so that the spec cannot be used as a block",
        ),
        (
            "layers:\n  - {type: Input, name: a, shape: [8], when: true}\n  - Flatten\n",
            "tower.yaml:2 include: the Input 'a' has 'when', so that the spec cannot be used as a block",
        ),
        (
            "vars: {n: a}\nlayers:\n  - {type: Input, name: $n, shape: [8]}\n  - Flatten\n",
            "tower.yaml:3 include: the Input '$n' has an expression as its name, so that the spec cannot be used as a block",
        ),
        (
            "layers:\n  - {type: Input, name: a, shape: [8]}\n  - {type: Input, name: a, shape: [8]}\n",
            "tower.yaml:3 duplicate-name: there are two Input layers named 'a'",
        ),
        ("name: unit\nlayers:\n  - {type: Input, name: a, shape: [8]}\n  - Flatten\n", "spec.yaml:1 block-name: there are two blocks named 'unit'"),
        ("name: Dense\nlayers:\n  - {type: Input, name: a, shape: [8]}\n  - Flatten\n", "spec.yaml:1 block-name: 'Dense' is a layer type and cannot name a block"),
        ("include: [spec.yaml]\nlayers:\n  - {type: Input, name: a, shape: [8]}\n  - Flatten\n", "tower.yaml:1 include-cycle: the file includes itself: "),
        ("layers:\n  - {type: Input, name: a, shape: [8]}\n  - {type: Dense, unitz: 3}\n", "tower.yaml:3 unknown-argument: a Dense layer has no argument \"unitz\""),
        ("layers:\n  - {type: Input, name: a, shape: [8]}\noutputs: [y]\n", "tower.yaml:3 unknown-name: the spec has no layer \"y\" to give as an output"),
    ],
)  # fmt: skip
def test_specs_that_are_no_blocks(tmp_path: Path, tower: str, line: str) -> None:
    found = said(write(tmp_path, "  - {type: Dense, name: y, units: 1, from: a}\n", tower=tower))
    assert any(it.startswith(line) for it in found), found


def test_an_argument_that_it_does_not_have(tmp_path: Path) -> None:
    (found, *_) = specc.check(write(tmp_path, "  - {type: tower, name: t, with: 4, from: [a, k]}\n"))
    assert (found.message, found.help) == ("'t' (tower) has no argument \"with\"", "did you mean 'width'?")
    assert Path(file_name(found.related[0].place)).name == "tower.yaml"


def test_an_input_with_a_wrong_shape_is_reported_there(tmp_path: Path) -> None:
    tower = (
        "vars: {size: 8}\nlayers:\n  - {type: Input, name: a, shape: [$size]}\n  - {type: Dense, name: y, units: 1}\n"
    )
    (found,) = specc.check(
        write(tmp_path, "  - {type: tower, name: t, size: none, from: a}\noutputs: [t]\n", tower=tower)
    )
    assert found.message.startswith("'t.a' (Input): shape must be a list of at most 8 sizes")
    assert Path(file_name(found.place)).name == "spec.yaml", "where the value is given"
    assert [Path(file_name(it.place)).name for it in found.related] == ["tower.yaml"]


def test_vars_that_are_computed_from_each_other_in_a_circle(tmp_path: Path) -> None:
    found = said(write(tmp_path, tower="vars: {p: $q, q: $p}\n" + TOWER.partition("\n")[2].partition("\n")[2]))
    assert any("value-cycle" in it for it in found)
