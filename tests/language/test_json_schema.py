"""The JSON Schema is valid, takes what specc takes, and says precisely what is wrong with what it refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import specc
from specc import layers, objects
from specc.frontend.read import read_text
from specc.language import json_schema

ROOT = Path(__file__).parent.parent.parent
SPECS = sorted(path for path in (ROOT / "specs").iterdir() if path.suffix in (".json", ".yaml"))


@cache
def schema() -> dict[str, Any]:
    return json_schema.schema()


@cache
def validator() -> Draft202012Validator:
    return Draft202012Validator(schema())


def errors(text: str) -> list[tuple[str, str]]:
    """What the schema says of a YAML text: places and messages."""
    data = read_text(text, "spec.yaml").data
    return [(error.json_path, error.message) for error in validator().iter_errors(data)]


def test_every_reference_has_a_definition() -> None:

    def references(part: Any) -> Iterator[str]:
        if isinstance(part, dict):
            assert "x-ref" not in part
            if isinstance(part.get("$ref"), str):
                yield part["$ref"].split("/")[2]
            part = list(part.values())
        if isinstance(part, list):
            for item in part:
                yield from references(item)

    wanted = set(references(schema()))
    assert {name for name in wanted if name not in schema()["$defs"]} == set()
    assert {name for name in schema()["$defs"] if name not in wanted} == set()


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.name)
def test_specs_pass(path: Path) -> None:
    assert errors(path.read_text()) == []


def test_examples_of_layers_pass() -> None:
    """Each item of each example against the definition of its type, to which the schema's conditions lead."""
    wrong = {}
    for name in layers.names():
        cls = layers.find(name)
        assert cls is not None
        assert cls.example, f"{name} has no example"
        for item in read_text(cls.example, "example.yaml").data["layers"]:
            if isinstance(item, dict) and "type" in item:
                definition = f"#/$defs/layer.{layers.ALIASES.get(item['type'], item['type'])}"
                if found := list(
                    validator().evolve(schema={"$ref": definition, "$defs": schema()["$defs"]}).iter_errors(item)
                ):
                    wrong[name] = found
    assert wrong == {}


# -- What specc accepts ----------------------------------------------------------------------------

INPUT = "{type: Input, name: x, shape: [8]}"
ACCEPTED = {
    "vars": f"vars: {{width: 4}}\nlayers: [{INPUT}, {{type: Dense, units: $width}}]",
    "expression in a list": f"vars: {{n: 2}}\nlayers: [{INPUT}, {{type: Reshape, target_shape: [$n, $(8 // n)]}}]",
    "null": f"layers: [{INPUT}, {{type: Dense, units: 1, activation: null, kernel_regularizer: null}}]",
    "bare type": f"layers: [{INPUT}, Flatten]",
    "alias": "layers: [{type: InputLayer, name: x, shape: [8, 3]}, {type: Convolution1D, filters: 2, kernel_size: [3]}]",
    "operation": f"layers: [{INPUT}, {{type: ops.add, x2: 1}}, {{type: ops.mean, axis: -1}}]",
    "defaults": f"defaults: {{Dense: {{units: 4}}}}\nlayers: [{INPUT}, Dense, {{type: Dense, activation: relu}}]",
    "activation layer": f"layers: [{INPUT}, {{type: Dense, units: 1, activation: {{type: LeakyReLU, negative_slope: 0.1}}}}]",
    "seeded initializer": f"layers: [{INPUT}, {{type: Dense, units: 1, kernel_initializer: {{type: he_normal, seed: 1}}}}]",
    "cells": "layers: [{type: Input, name: x, shape: [5, 8]}, {type: RNN, cell: [{type: LSTMCell, units: 2}, {type: GRUCell, units: 2}]}]",
    "wrapped": "layers: [{type: Input, name: x, shape: [5, 8]}, {type: TimeDistributed, layer: {type: Dense, units: 2}}]",
    "each": f"layers: [{INPUT}, {{type: Dense, name: d, units: $n, each: {{n: [1, 2]}}}}, {{type: Concatenate, from: d}}]",
    "repeat over values": f"layers: [{INPUT}, {{type: Dense, name: d, units: $n, repeat: {{n: [1, 2]}}}}, {{type: Concatenate, from: ['d[*]']}}]",
    "names of copies": f"layers: [{INPUT}, {{type: Dense, name: d_$(n), units: $n, each: {{n: [1, 2]}}}}]",
    "when": f"vars: {{b: true}}\nlayers: [{INPUT}, {{type: Dense, name: d, units: 1, when: $b, else: x}}]",
    "share": f"layers: [{INPUT}, {{type: Dense, name: d, units: 8}}, {{share: d, name: again}}]",
    "block": f"blocks: {{b: {{args: {{n: null}}, inputs: [i], layers: [{{type: Dense, name: o, units: $n}}], outputs: [o]}}}}\n"
    f"layers: [{INPUT}, {{type: b, n: 3, nested: true, repeat: 2}}]",
    "edges": f"layers: [{INPUT}, {{type: Dense, name: y, units: 1}}]\nedges: [{{from: x, to: y}}]",
    "outputs as a map": f"layers: [{INPUT}, {{type: Dense, name: y, units: 1}}]\noutputs: {{label: y}}",
    "expect": f"layers: [{INPUT}, {{type: Dense, name: y, units: 1}}]\nexpect: {{params: '< 1K', outputs: {{y: [null, 1]}}}}",
    "losses in a list": f"layers: [{INPUT}, {{type: Dense, name: y, units: 1}}]\ncompile: {{loss: [mse], metrics: [mae, {{type: RootMeanSquaredError}}]}}",
    "losses by name": f"layers: [{INPUT}, {{type: Dense, name: y, units: 1}}]\ncompile: {{loss: {{y: {{type: Huber, delta: 2.0}}}}, loss_weights: {{y: 0.5}}, metrics: {{y: [mae, null_is_no_metric]}}}}".replace(
        ", null_is_no_metric", ""
    ),
    "words, and a name with dots": f"name: net_1.0\ndescription: a net\nvars: {{n: {{default: 2, description: units}}}}\n"
    f"blocks: {{b: {{description: a block, args: {{m: {{default: null, description: units}}}}, inputs: [i], "
    f"layers: [{{type: Dense, name: o, units: $m}}], outputs: {{out: o}}}}}}\n"
    f"layers: [{INPUT}, {{type: b, m: $n, description: one}}, {{type: Dense, name: d, units: 1, description: two}}]",
    "frozen names": f"freeze: [d, 'e*']\nlayers: [{INPUT}, {{type: Dense, name: d, units: 1}}, {{type: Dense, name: e, units: 1}}]",
    "frozen names of a value": f"vars: {{f: [d]}}\nfreeze: $f\nlayers: [{INPUT}, {{type: Dense, name: d, units: 1}}]",
    "a formula": f"vars: {{n: 2}}\nlayers: [{INPUT}, {{formula: 'sum(x[:, :2] * $n, axis=-1) > 0', name: y, when: true, else: x}}]",
    "constants": f"layers: [{INPUT}, {{type: ops.arange, name: c, stop: 8}}, {{type: ops.add, name: d, from: [x, c]}}, {{type: ops.add, x2: [[1, 2, 3, 4, 5, 6, 7, 8]]}}]",
    "many tensors for an input": f"blocks: {{b: {{inputs: [{{name: i, many: true}}], layers: [{{type: Add, name: o}}], outputs: {{sum: o}}}}}}\n"
    f"layers: [{INPUT}, {{type: b, name: y, from: {{i: [x, x]}}}}]",
    "sizes": f"layers: [{INPUT}, {{type: Dense, name: y, units: '$(shape(x)[-1])', when: '$(shape(x)[-1] > 2)', repeat: '$(shape(x)[1])'}}]",
    "share again and again": f"layers: [{INPUT}, {{type: Dense, name: d, units: 8}}, {{share: d, repeat: 2, name: e}}, {{share: d, each: {{of: [x, e]}}, name: f, from: $of}}]",
    "specc's own blocks": f"include: [std/parameters]\nlayers: [{INPUT}, {{type: layer_scale, name: y}}]",
    "blocks alone": "blocks: {b: {inputs: [i], layers: [{type: Flatten, name: o}], outputs: [o]}}",
    "no loss": f"layers: [{INPUT}, {{type: Dense, name: y, units: 1}}]\ncompile: {{optimizer: null, loss: null}}",
    "schedule": f"layers: [{INPUT}, {{type: Dense, name: y, units: 1}}]\ncompile: {{loss: mse, optimizer: {{type: adam, learning_rate: {{type: CosineDecay, initial_learning_rate: 0.1, decay_steps: 9}}}}}}",
    "loss scale": f"layers: [{INPUT}, {{type: Dense, name: y, units: 1}}]\ncompile: {{loss: mse, optimizer: {{type: LossScaleOptimizer, inner_optimizer: ADAM}}}}",
    "optimizer map": f"layers: [{INPUT}, {{type: Dense, name: y, units: 1}}]\ncompile: {{loss: mse, optimizer: {{type: MultiOptimizer, optimizer_map: {{default_optimizer: sgd, optimizer_map: {{'y/.*': adam}}}}}}}}",
}


@pytest.mark.parametrize("text", ACCEPTED.values(), ids=ACCEPTED)
def test_what_specc_accepts_passes(text: str) -> None:
    assert specc.check(specc.Spec.from_text(text, "spec.yaml")) == []
    assert errors(text) == []


def test_a_block_may_have_any_name() -> None:
    """A name that begins as none of Keras's types does, and one that might be one of them."""
    for name in ("Dens", "_part", "part", "Zoom", "n1"):
        text = f"blocks: {{{name}: {{inputs: [i], layers: [{{type: Dense, name: o, units: 1}}], outputs: [o]}}}}\nlayers: [{INPUT}, {name}, {{type: {name}, nested: true}}]"
        assert specc.check(specc.Spec.from_text(text, "spec.yaml")) == []
        assert errors(text) == []
    assert errors(f"include: [blocks.yaml]\nlayers: [{INPUT}, Dens]") == []


def test_every_argument_and_key_is_described() -> None:
    undescribed = []

    def visit(part: Any, path: str) -> None:
        for name, found in part.get("properties", {}).items() if isinstance(part, dict) else ():
            if isinstance(found, dict):
                target = schema()["$defs"][found["$ref"].split("/")[2]] if "$ref" in found else found
                if not {"description", "doNotSuggest"} & {**target, **found}.keys():
                    undescribed.append(f"{path}.{name}")
        for key, inside in (
            part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
        ):
            visit(inside, f"{path}.{key}")

    visit(schema(), "")
    assert undescribed == []


def test_no_default_and_no_list_would_make_an_editor_write_a_block() -> None:
    """No default that is a list, and no list or map openly at an argument."""
    for name, definition in schema()["$defs"].items():
        if name.split(".")[0] in ("layer", "argument", *objects.MODULES):
            for key, found in {**definition.get("properties", {}), "itself": definition}.items():
                if isinstance(found, dict) and found is not definition:
                    assert not {"items", "prefixItems", "properties"} & found.keys(), (name, key)
                    assert not isinstance(found.get("default"), list | dict), (name, key)


def test_arguments_that_hold_layers() -> None:
    assert set(json_schema.INNER_LAYERS) == {
        argument for name in layers.names() if (cls := layers.find(name)) for argument in cls.inner_layers()
    }


# -- What it refuses -------------------------------------------------------------------------------

REFUSED = {
    "type": (f"layers: [{INPUT}, {{type: Dens, units: 1}}]", [("$.layers[1].type", "'Dens' is not one of ['Dense', 'DepthwiseConv1D'")]),
    "bare type": (f"layers: [{INPUT}, Flaten]", [("$.layers[1]", "'Flaten' is not one of ['Flatten']")]),
    "argument": (
        f"layers: [{INPUT}, {{type: Dense, unit: 1}}]",
        [("$.layers[1]", "Additional properties are not allowed ('unit' was unexpected)"), ("$.layers[1]", "'units' is a required property")],
    ),
    "argument's type": (f"layers: [{INPUT}, {{type: Dense, units: '1'}}]", [("$.layers[1].units", "'1' is not of type 'integer'")]),
    "argument's range": (f"layers: [{INPUT}, {{type: Dense, units: 0}}]", [("$.layers[1].units", "0 is less than the minimum of 1")]),
    "choice": (
        "layers: [{type: Input, name: x, shape: [8, 3]}, {type: Conv1D, filters: 1, kernel_size: 3, padding: valis}]",
        [("$.layers[1].padding", "'valis' is not one of ['valid', 'same', 'causal']")],
    ),
    "list": (
        "layers: [{type: Input, name: x, shape: [8, 8, 3]}, {type: Conv2D, filters: 1, kernel_size: [3, '3']}]",
        [("$.layers[1].kernel_size[1]", "'3' is not of type 'integer'")],
    ),
    "activation": (f"layers: [{INPUT}, {{type: Dense, units: 1, activation: sofmax}}]", [("$.layers[1].activation", "'sofmax' is not one of [")]),
    "object": (
        f"layers: [{INPUT}, {{type: Dense, units: 1, kernel_regularizer: {{type: L2, l1: 0.1}}}}]",
        [("$.layers[1].kernel_regularizer", "Additional properties are not allowed ('l1' was unexpected)")],
    ),
    "object's value": (
        f"layers: [{INPUT}, {{type: Dense, units: 1, kernel_initializer: {{type: RandomNormal, stddev: wide}}}}]",
        [("$.layers[1].kernel_initializer.stddev", "'wide' is not of type 'number'")],
    ),
    "inner layer": (
        "layers: [{type: Input, name: x, shape: [5, 8]}, {type: TimeDistributed, layer: {type: Dense, unit: 2}}]",
        [("$.layers[1].layer", "Additional properties are not allowed ('unit' was unexpected)")],
    ),
    "inner type": (
        "layers: [{type: Input, name: x, shape: [5, 8]}, {type: Bidirectional, layer: {type: LSTN, units: 2}}, {type: TimeDistributed, layer: Flaten}]",
        [("$.layers[1].layer.type", "'LSTN' is not one of ['LeakyReLU'"), ("$.layers[2].layer", "'Flaten' is not one of ['Flatten']")],
    ),
    "inner operation": (
        "layers: [{type: Input, name: x, shape: [5, 8]}, {type: TimeDistributed, layer: ops.exp}]",
        [("$.layers[1].layer", "'ops.exp' is not one of ['Input'")],
    ),
    "type beside blocks": (
        f"blocks: {{part: {{inputs: [i], layers: [{{type: Dens, name: o, units: 1}}], outputs: [o]}}}}\nlayers: [{INPUT}, part, Flaten, ops.rel, prt]",
        [
            ("$.blocks.part.layers[0].type", "'Dens' is not one of ['Dense'"),
            ("$.layers[2]", "'Flaten' is not one of ['Flatten']"),
            ("$.layers[3]", "'ops.rel' is not one of ['ops.absolute'"),
        ],
    ),
    "contract": (
        f"layers: [{INPUT}, Flatten]\nexpect: {{parms: 3, params: '< 3Q', form: chain, outputs: {{y: [8.5]}}}}",
        [
            ("$.expect", "Additional properties are not allowed ('parms' was unexpected)"),
            ("$.expect.form", "'chain' is not one of ['sequential', 'functional']"),
            ("$.expect.outputs.y[0]", "8.5 is not of type 'integer'"),
            ("$.expect.params", "'< 3Q' does not match"),
        ],
    ),
    "beside a formula": (f"layers: [{INPUT}, {{formula: x + 1, from: x}}]", [("$.layers[1]", "'from' is not one of ['name', 'formula'")]),
    "beside share": (
        f"layers: [{INPUT}, {{type: Dense, name: d, units: 8}}, {{share: d, units: 3}}]",
        [("$.layers[2]", "'units' is not one of ['name', 'from', 'share'")],
    ),
    "else": (f"layers: [{INPUT}, {{type: Flatten, else: x}}]", [("$.layers[1]", "'when' is a dependency of 'else'")]),
    "values of copies": (
        f"layers: [{INPUT}, {{type: Flatten, repeat: {{n: 2}}}}, {{type: Flatten, each: {{}}}}]",
        [("$.layers[1].repeat.n", "2 is not of type 'array'"), ("$.layers[2].each", "{} should be non-empty")],
    ),
    "own blocks": (f"include: [std/vison]\nlayers: [{INPUT}, Flatten]", [("$.include[0]", "'std/vison' is not one of ['std/backbones/densenet121'")]),
    "input of a block": (
        f"blocks: {{b: {{inputs: [{{name: i, mny: true}}], layers: [{{type: Add, name: o}}], outputs: [o]}}}}\nlayers: [{INPUT}, b]",
        [("$.blocks.b.inputs[0]", "Additional properties are not allowed ('mny' was unexpected)")],
    ),
    "numbers for a tensor": (f"layers: [{INPUT}, {{type: ops.add, x2: [1, a]}}]", [("$.layers[1].x2[1]", "'a' is not of type 'number'")]),
    "quantized policy": (
        f"layers: [{INPUT}, {{type: Dense, units: 1, dtype: int9_from_float32}}]",
        [("$.layers[1].dtype", "'int9_from_float32' is not valid under any of the given schemas")],
    ),
    "model's name": (f"name: .net\nlayers: [{INPUT}, Flatten]", [("$.name", "'.net' does not match")]),
    "frozen name": (f"freeze: d\nlayers: [{INPUT}, Flatten]", [("$.freeze", "'d' does not match '^")]),
    "description": (f"description: [a]\nlayers: [{INPUT}, Flatten]", [("$.description", "['a'] is not of type 'string'")]),
    "policy": (f"dtype_policy: float23\nlayers: [{INPUT}, Flatten]", [("$.dtype_policy", "'float23' is not one of ['float16'")]),
    "warning": (f"allow: [unused-vars]\nlayers: [{INPUT}, Flatten]", [("$.allow[0]", "'unused-vars' is not one of [")]),
    "in a block": (
        f"blocks: {{b: {{inputs: [i], layers: [{{type: Dense, name: o}}], outputs: [o]}}}}\nlayers: [{INPUT}, b]",
        [("$.blocks.b.layers[0]", "'units' is a required property")],
    ),
    "block": (f"blocks: {{b: {{layers: [Flatten], outputs: [o]}}}}\nlayers: [{INPUT}, b]", [("$.blocks.b", "'inputs' is a required property")]),
    "default": (
        f"defaults: {{Dense: {{units: 4, activaton: relu}}}}\nlayers: [{INPUT}, Dense]",
        [("$.defaults.Dense", "Additional properties are not allowed ('activaton' was unexpected)")],
    ),
    "key": (f"layer: [{INPUT}]", [("$", "Additional properties are not allowed ('layer' was unexpected)"), ("$", "'layers' is a required property")]),
    "name": ("layers: [{type: Input, name: a b, shape: [3]}]", [("$.layers[0].name", "'a b' does not match")]),
    "edge": (f"layers: [{INPUT}, {{type: Dense, name: y, units: 1}}]\nedges: [[x]]", [("$.edges[0]", "['x'] is too short")]),
    "optimizer": (f"layers: [{INPUT}, Flatten]\ncompile: {{optimizer: adan}}", [("$.compile.optimizer", "'adan' is not one of ['SGD'")]),
    "optimizer's argument": (
        f"layers: [{INPUT}, Flatten]\ncompile: {{optimizer: {{type: adam, lr: 0.1}}}}",
        [("$.compile.optimizer", "Additional properties are not allowed ('lr' was unexpected)")],
    ),
    "loss of an output": (f"layers: [{INPUT}, Flatten]\ncompile: {{loss: {{y: msee}}}}", [("$.compile.loss.y", "'msee' is not one of [")]),
    "compile": (f"layers: [{INPUT}, Flatten]\ncompile: {{losses: mse}}", [("$.compile", "Additional properties are not allowed ('losses' was unexpected)")]),
    "version": (f"specc: 2\nlayers: [{INPUT}, Flatten]", [("$.specc", "1 was expected")]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), REFUSED.values(), ids=REFUSED)
def test_what_is_wrong_is_said_precisely(text: str, expected: list[tuple[str, str]]) -> None:
    assert specc.check(specc.Spec.from_text(text, "spec.yaml")), "specc finds it too"
    found = sorted(errors(text))
    assert [path for path, _ in found] == [path for path, _ in sorted(expected)]
    for (_, message), (_, start) in zip(found, sorted(expected), strict=True):
        assert message.startswith(start)


def test_the_text_is_json() -> None:
    assert json.loads(json_schema.text())["$schema"] == "https://json-schema.org/draft/2020-12/schema"
