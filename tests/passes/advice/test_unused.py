"""What nothing uses is told of; every way to use something is one."""

from __future__ import annotations

from pathlib import Path

import pytest

import specc
from tests.support.checking import codes, said

X = "  - {type: Input, name: x, shape: [8, 8, 3]}\n"
Y = "  - {type: Conv2D, name: y, filters: 4, kernel_size: 3}\n"
B = "  b: {inputs: [i], layers: [{type: ReLU, name: o}], outputs: [o]}\n"

V = "layers:\n  - {type: Input, name: x, shape: [8]}\n"
"""The beginning of specs whose copies get values."""

USED = {
    "a plain name": "vars: {a: 3}\nlayers:\n" + X + "  - {type: Conv2D, filters: $a, kernel_size: 3}\n",
    "an expression": "vars: {a: 3, b: 2}\nlayers:\n" + X + "  - {type: Conv2D, filters: $(a * b), kernel_size: 3}\n",
    "inside a text": "vars: {a: 3}\nlayers:\n  - {type: Input, name: x_3, shape: [4]}\n  - {type: ReLU, from: x_$(a)}\n",
    "another value": "vars: {a: 3, b: $a}\nlayers:\n" + X + "  - {type: Conv2D, filters: $b, kernel_size: 3}\n",
    "a variant's value": "vars: {a: 3, b: 1}\nvariants: {big: {b: $(a * 9)}}\nlayers:\n" + X + "  - {type: Conv2D, filters: $b, kernel_size: 3}\n",
    "a false branch": "vars: {a: 3, deep: false}\nlayers:\n" + X + "  - {type: Conv2D, filters: $a, kernel_size: 3, when: $deep}\n" + Y,
    "no copies": "vars: {a: 3, n: 0}\nlayers:\n" + X + "  - {type: Conv2D, filters: $a, kernel_size: 3, repeat: $n}\n" + Y,
    "a list of each": "vars: {a: [3, 4]}\nlayers:\n" + X + "  - {type: Conv2D, name: c, filters: $k, kernel_size: 3, from: x, each: {k: $a}}\n",
    "a name of 'from'": "vars: {a: x}\nlayers:\n" + X + "  - {type: ReLU, from: $a}\n",
    "the training": "vars: {a: mse}\nlayers:\n" + X + Y + "compile: {loss: $a}\n",
    "a contract": "vars: {a: 112}\nlayers:\n" + X + Y + "expect: {params: $a}\n",
    "defaults": "vars: {a: same}\ndefaults: {Conv2D: {padding: $a}}\nlayers:\n" + X + Y,
    "the model's name": "vars: {a: net}\nname: $a\nlayers:\n" + X + Y,
    "a block nobody needs now": "vars: {a: 1}\nblocks:\n  b: {args: {k: $a}, inputs: [i], layers: [{type: Conv2D, name: o, filters: $k, kernel_size: 3}], outputs: [o]}\nlayers:\n" + X + Y + "  - {type: b, when: false}\n",
    "a later default": "blocks:\n  b: {args: {k: null, m: $k}, inputs: [i], layers: [{type: Conv2D, name: o, filters: $m, kernel_size: 3}], outputs: [o]}\nlayers:\n" + X + "  - {type: b, k: 3}\n",
    "an inner layer": f"blocks:\n{B}layers:\n{X}  - {{type: TimeDistributed, layer: b}}\n",
    "an inner layer's map": f"blocks:\n{B}defaults: {{Dense: {{use_bias: false}}}}\nlayers:\n{X}  - {{type: TimeDistributed, layer: {{type: Dense, units: 2}}}}\n  - {{type: b}}\n",
    "just the type": f"blocks:\n{B}layers:\n{X}  - b\n",
    "a computed type": f"vars: {{kind: ReLU}}\nblocks:\n{B}defaults: {{Dense: {{units: 1}}}}\nlayers:\n{X}  - {{type: $kind}}\n",
    "another spelling of a type": "defaults: {Conv2D: {padding: same}}\nlayers:\n" + X + "  - {type: Convolution2D, name: y, filters: 4, kernel_size: 3}\n",
    "a default that one layer leaves": "defaults: {Conv2D: {padding: same}}\nlayers:\n" + X + Y + "  - {type: Conv2D, name: z, filters: 4, kernel_size: 3, padding: valid}\n",
    "the inputs of a block": "blocks:\n  b: {inputs: [i, j], layers: [{type: Add, name: o, from: [i, j]}], outputs: [o]}\nlayers:\n" + X + "  - {type: b, from: [x, x]}\n",
    "the inputs of edges": "blocks:\n  b: {inputs: [i, j], layers: [{type: Add, name: o}], edges: [[i, o], [j, o]], outputs: [o]}\nlayers:\n" + X + "  - {type: b, from: [x, x]}\n",
    "a count of each": V + "  - {type: Dense, name: d, units: 3, each: {n: [1, 2]}, from: x}\n",
    "a computed count of each": V + "  - {type: Dense, name: d, units: 3, each: {n: $(range(3))}, from: x}\n",
    "a value in a name": V + "  - {type: Dense, name: d_$(k), units: 3, each: {k: [4, 8]}, from: x}\n",
    "a value in a reference": V + "  - {type: Dense, name: $k, units: 3, each: {k: [a, b]}}\n  - {type: ReLU, name: r, each: {k: [a, b]}, from: $k}\n",
    "a value in a formula": V + "  - {name: d, formula: x * $k, each: {k: [4, 8]}}\n",
    "a value in a condition": V + "  - {type: Dense, name: d, units: 3, repeat: {k: [4, 8]}, when: $(k > 4)}\n",
}  # fmt: skip


@pytest.mark.parametrize("text", USED.values(), ids=USED)
def test_a_use(text: str) -> None:
    assert codes(text) == []


UNUSED = {
    "a var": ("vars: {a: 3}\nlayers:\n" + X + Y, ["1:8 unused-var: nothing uses the var 'a', so changing it has no effect"]),
    "its name without a dollar": ("vars: {x: 3}\nlayers:\n" + X + Y, ["1:8 unused-var: nothing uses the var 'x', so changing it has no effect"]),
    "hidden by each": ("vars: {k: 3}\nlayers:\n" + X + "  - {type: Conv2D, name: c, filters: $k, kernel_size: 3, from: x, each: {k: [1, 2]}}\n", ["1:8 unused-var: nothing uses the var 'k', so changing it has no effect"]),
    "hidden by an argument": ("vars: {k: 3}\nblocks:\n  b: {args: {k: 1}, inputs: [i], layers: [{type: Conv2D, name: o, filters: $k, kernel_size: 3}], outputs: [o]}\nlayers:\n" + X + "  - b\n", ["1:8 unused-var: nothing uses the var 'k', so changing it has no effect"]),
    "in quotes only": ("vars: {k: 3}\nlayers:\n" + X + "  - {type: Conv2D, name: $('k' + 'y'), filters: 1, kernel_size: 3}\n", ["1:8 unused-var: nothing uses the var 'k', so changing it has no effect"]),
    "in words only": ("vars: {k: 3}\ndescription: $k\nblocks:\n  b: {description: $(k), args: {m: 1}, inputs: [i], layers: [{type: ReLU, name: o, description: $m}], outputs: [o]}\nlayers:\n" + X + "  - {type: b, description: $k}\n", ["1:8 unused-var: nothing uses the var 'k', so changing it has no effect", "4:33 unused-argument: nothing in the block 'b' uses its argument 'm'"]),
    "a block": (f"blocks:\n{B}layers:\n{X}  - {{type: ReLU, name: b}}\n", ["2:3 unused-block: nothing uses the block 'b'"]),
    "an argument": ("blocks:\n  b: {args: {k: 1}, inputs: [i], layers: [{type: ReLU, name: o}], outputs: [o]}\nlayers:\n" + X + "  - {type: b, k: 4}\n", ["2:14 unused-argument: nothing in the block 'b' uses its argument 'k'"]),
    "an input": ("blocks:\n  b: {inputs: [i, j], layers: [{type: ReLU, name: o, from: i}], outputs: [o]}\nlayers:\n" + X + "  - {type: b, from: [x, x]}\n", ["2:19 unused-argument: nothing in the block 'b' takes its input 'j'"]),
    "defaults of a type": ("defaults: {Dense: {units: 1}}\nlayers:\n" + X + Y, ["1:12 unused-default: the defaults of Dense have no effect: this file has no layer of that type"]),
    "defaults that all give": ("defaults: {Conv2D: {filters: 1, padding: same}}\nlayers:\n" + X + Y, ["1:21 unused-default: no layer has the default of 'filters': each Conv2D in this file gives its own"]),
    "a value of repeat": (V + "  - {type: Dense, name: d, units: 3, repeat: {units: [4, 8]}}\n", ["3:47 unused-value: nothing in this item uses the value 'units' of its 'repeat', so changing it has no effect"]),
    "a value of each": (V + "  - {type: Dense, name: d, units: 3, each: {units: [4, 8]}, from: x}\n", ["3:45 unused-value: nothing in this item uses the value 'units' of its 'each', so changing it has no effect"]),
    "a second value of each": (V + "  - {type: Dense, name: d, units: $k, each: {k: [4, 8], n: [0, 1]}, from: x}\n", ["3:57 unused-value: nothing in this item uses the value 'n' of its 'each', so changing it has no effect"]),
    "a value in a block": (f"blocks:\n  b: {{inputs: [i], layers: [{{type: ReLU, name: o, repeat: {{k: [4, 8]}}}}], outputs: [o]}}\n{V}  - b\n", ["2:60 unused-value: nothing in this item uses the value 'k' of its 'repeat', so changing it has no effect"]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), UNUSED.values(), ids=UNUSED)
def test_what_is_unused(text: str, expected: list[str]) -> None:
    assert said(text) == expected


def test_every_variant_and_setting_says_the_same() -> None:
    text = (
        "vars: {a: 3, b: 4}\nvariants: {v: {a: 5}}\nlayers:\n"
        + X
        + "  - {type: Conv2D, name: y, filters: $b, kernel_size: 3}\n"
    )
    for choices in ({}, {"variant": "v"}, {"set": {"a": 2}}):
        assert codes(text, **choices) == ["unused-var"]


def test_a_spec_with_errors_is_not_warned_too() -> None:
    assert codes("vars: {width: 3}\nlayers:\n" + X + "  - {type: Conv2D, filters: $widht, kernel_size: 3}\n") == [
        "unknown-value"
    ]


def test_an_included_file_may_have_blocks_to_spare(tmp_path: Path) -> None:
    (tmp_path / "blocks.yaml").write_text(
        "vars: {a: 1, b: 2}\nblocks:\n"
        "  one: {args: {k: $a}, inputs: [i], layers: [{type: Conv2D, name: o, filters: $k, kernel_size: 3}], outputs: [o]}\n"
        + B
    )
    (tmp_path / "spec.yaml").write_text(
        f"include: [blocks.yaml]\nvars: {{a: 3}}\nlayers:\n{X}  - {{type: one, name: y}}\n"
    )
    found = [(Path(it.file).name, it.message) for it in specc.check(tmp_path / "spec.yaml")]
    assert found == [
        ("spec.yaml", "nothing uses the var 'a', so changing it has no effect"),
        ("blocks.yaml", "nothing uses the var 'b', so changing it has no effect"),
    ]


def test_an_unused_block_is_told_once() -> None:
    assert codes("""
        blocks: {b: {args: {n: 3}, inputs: [i, j], layers: [{type: Dense, name: y, units: 4, from: i}], outputs: [y]}}
        layers: [{type: Input, name: x, shape: [3]}, {type: Dense, name: z, units: 1}]
    """) == ["unused-block"]


def test_a_file_whose_blocks_nothing_uses(tmp_path: Path) -> None:
    for name, include in {"used": "", "around": "used.yaml", "spare": "used.yaml, std/tabular", "left": ""}.items():
        text = f"include: [{include}]\nblocks:\n{B.replace('  b:', f'  {name}:')}"
        (tmp_path / f"{name}.yaml").write_text(text)
    (tmp_path / "whole.yaml").write_text(f"layers:\n{X}{Y}")
    files = "around.yaml, left.yaml, std/vision, whole.yaml, spare.yaml, std/parameters"
    layers = f"layers:\n{X}  - {{type: used, name: y}}\n  - {{type: layer_scale, name: z, when: false}}\n"
    (tmp_path / "spec.yaml").write_text(f"include: [{files}]\n{layers}")
    found = [(it.message, it.help) for it in specc.check(tmp_path / "spec.yaml")]
    assert found == [
        ("nothing uses a block of 'left.yaml'", "remove it from 'include', or use what it brings: left"),
        (
            "nothing uses a block of 'std/vision'",
            "remove it from 'include', or use what it brings: conv_norm_activation, residual, bottleneck, "
            "squeeze_excite, inverted_residual, ...",
        ),
        ("nothing uses a block of 'whole.yaml'", "remove it from 'include', or use what it brings: whole"),
    ]
    (tmp_path / "spec.yaml").write_text(f"include: [{files}]\nallow: [unused-include]\n{layers}")
    assert specc.check(tmp_path / "spec.yaml") == []
    (tmp_path / "spec.yaml").write_text(f"include: [{files}]\nvars: {{kind: used}}\n{layers}  - {{type: $kind}}\n")
    assert specc.check(tmp_path / "spec.yaml") == []
