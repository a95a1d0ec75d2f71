"""Layers are recognized although every name differs and some of them have changed."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest

import specc
from specc.alignment import Alignment, align
from specc.diagnostics import Report
from specc.ir import TypedGraph
from specc.passes.inference.infer import infer
from tests.support import graphs
from tests.support.graph_edits import edit, rename_all
from tests.support.graphs import Item, typed
from tests.support.random_specs import random_spec

SPECS = Path(__file__).parent.parent.parent / "specs"
NETWORKS = (
    "resnet50",
    "densenet121",
    "efficientnet_b0",
    "gpt2_small",
    "xception",
    "unet",
    "transformer_encoder",
    "mobilenet_v2",
    "seq2seq_attention",
    "mixture_of_experts",
)
EDITS = 3


def renamed(graph: TypedGraph, seed: int) -> TypedGraph:
    found = infer(rename_all(graph.graph, Random(seed))[0], Report())
    assert found is not None
    return found


def compiled(*layers: dict[str, Any], **keys: Any) -> TypedGraph:
    return specc.compile(specc.Spec.from_dict({"layers": list(layers), **keys}))


def names(alignment: Alignment) -> dict[str, list[str]]:
    """What a reader would be told, by names."""
    return {
        "changed": [pair.new.name for pair in alignment.changed],
        "added": [node.name for node in alignment.added],
        "removed": [node.name for node in alignment.removed],
    }


@pytest.mark.parametrize("name", NETWORKS)
def test_layers_are_recognized_whatever_their_names(name: str) -> None:
    graph = specc.compile(SPECS / f"{name}.yaml")
    known = right = 0
    wrong = []
    for seed in range(5):
        edited = edit(graph, Random(seed), EDITS)
        alignment = align(graph, edited.graph)
        known += len(edited.new_of)
        right += sum(alignment.matches.get(old) == new for old, new in edited.new_of.items())
        wrong += [
            (seed, pair.old.name, pair.new.name)
            for pair in alignment.pairs
            # A layer that was removed where another one was inserted is one that was replaced.
            if pair.old.type == pair.new.type and edited.new_of.get(pair.old.name) != pair.new.name
        ]
    assert wrong == []
    assert right >= 0.99 * known


@pytest.mark.parametrize("seed", range(25))
def test_other_names_are_no_change(seed: int) -> None:
    graph = specc.compile(random_spec(seed).spec)
    alignment = align(graph, renamed(graph, seed))
    assert alignment.equal
    assert len(alignment.pairs) == sum(not node.naming for node in graph.nodes.values())


@pytest.mark.parametrize("seed", range(10))
def test_what_is_added_the_one_way_is_removed_the_other_way(seed: int) -> None:
    graph = specc.compile(random_spec(seed).spec)
    other = specc.compile(random_spec(seed + 100).spec)
    there, back = align(graph, other), align(other, graph)
    assert len(there.pairs) + len(there.removed) == len(back.pairs) + len(back.added)
    assert not align(graph, graph).changed


def test_sequential_and_functional_forms_of_a_chain_are_equal() -> None:
    chain: list[dict[str, Any]] = [
        {"type": "Input", "shape": [8]},
        {"type": "Dense", "units": 4},
        {"type": "Dense", "units": 1},
    ]
    named = [{**item, "name": name} for item, name in zip(chain, "abc", strict=True)]
    functional = [named[0], {**named[2], "from": "b"}, {**named[1], "from": "a"}]
    old, new = compiled(*chain), compiled(*functional, outputs=["c"])
    assert old.form == "sequential"
    assert align(old, new.in_form("functional")).equal


def test_the_order_in_the_file_makes_no_difference() -> None:
    branches = [{"type": "Dense", "name": name, "units": 4, "from": "x"} for name in ("a", "b", "c")]
    start, end = {"type": "Input", "name": "x", "shape": [8]}, {"type": "Concatenate", "from": ["a", "b", "c"]}
    assert align(compiled(start, *branches, end), compiled(start, *branches[::-1], end)).equal


def test_models_inside_are_aligned_too() -> None:
    old = graphs.siamese()
    (pair,) = [pair for pair in align(old, renamed(old, 1)).pairs if pair.inside is not None]
    assert pair.inside is not None
    assert pair.inside.equal
    assert len(pair.inside.pairs) == 3


def test_block_instances_are_those_with_the_same_layers() -> None:
    old = graphs.blocks(3)
    new = renamed(old, 3)
    instances = align(old, new).instances
    assert set(instances) == set(old.graph.instances)
    assert [new.graph.instances[it].parent for it in instances.values()] == [
        None if (parent := old.graph.instances[it].parent) is None else instances[parent] for it in instances
    ]


def test_a_changed_argument_among_equal_branches_is_found_by_their_order() -> None:
    def experts(name: str, changed: int) -> TypedGraph:
        layers = [Item(f"{name}{it}", "Dense", "x", units=4, use_bias=it != changed) for it in range(8)]
        joined = Item("sum", "Add", *(item.name for item in layers))
        return typed("experts", Item("x", "Input", shape=[8]), *layers, joined)

    alignment = align(experts("old", -1), experts("new", 5))
    assert [pair.old.name for pair in alignment.changed] == ["old5"]
    assert not alignment.added


def test_a_layer_of_another_type_in_the_same_place_replaces_it() -> None:
    def model(norm: str) -> TypedGraph:
        return typed(
            norm,
            Item("x", "Input", shape=[8]),
            Item("a", "Dense", "x", units=4),
            Item(f"{norm}_1", norm, "a"),
            Item("y", "Dense", f"{norm}_1", units=1),
        )

    alignment = align(model("LayerNormalization"), model("BatchNormalization"))
    assert names(alignment) == {"changed": ["BatchNormalization_1"], "added": [], "removed": []}


def test_layers_in_one_place_that_have_nothing_in_common() -> None:
    old, new = (
        typed("m", Item("x", "Input", shape=[8]), item)
        for item in (Item("a", "Dense", "x", units=4), Item("b", "Dropout", "x", rate=0.5))
    )
    assert names(align(old, new)) == {"changed": [], "added": ["b"], "removed": ["a"]}


def test_inputs_with_their_names_are_the_same() -> None:
    def model(*inputs: str) -> TypedGraph:
        return typed("m", *(Item(name, "Input", shape=[4]) for name in "ab"), Item("y", "Concatenate", *inputs))

    assert names(align(model("a", "b"), model("b", "a")))["changed"] == ["y"]
    assert align(model("a", "b"), renamed(model("b", "a"), 1)).equal
