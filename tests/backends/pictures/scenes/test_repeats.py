# ruff: noqa: RUF001, RUF002 - the signs that pictures use
"""What repeats is one card "× N", and nothing that differs or is read by itself is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from graphlib import TopologicalSorter
from typing import Any

import pytest

import specc
from specc.backends.pictures.scenes.make_scene import make_scene
from specc.backends.pictures.scenes.repeats import fold_repeats
from specc.backends.pictures.scenes.scene import Card, Frame, Item, Scene, card_of, cards_of, frames_of
from tests.support.random_specs import random_spec
from tests.support.scenes import shown

Items = list[Any]
X: dict[str, Any] = {"type": "Input", "name": "x", "shape": [8]}


def folded(layers: Items, **keys: Any) -> Scene:
    return fold_repeats(make_scene(specc.compile({"name": "m", "layers": layers, **keys})))


def stacks(layers: Items, **keys: Any) -> list[str]:
    """What was folded: "encoder × 12" for each stack."""
    return [f"{card.type} × {card.times}" for card in every(folded(layers, **keys).members) if card.times > 1]


def every(members: Sequence[Item]) -> Iterator[Card]:
    """Cards and those that stand for frames, at any depth."""
    for item in members:
        yield card_of(item)
        if isinstance(item, Frame):
            yield from every(item.members)


def dense(name: str, *source: str, units: int = 8, **more: Any) -> dict[str, Any]:
    return {"type": "Dense", "name": name, "units": units, **({"from": source[0]} if source else {}), **more}


BLOCKS: dict[str, Any] = {
    "unit": {
        "args": {"units": 8},
        "inputs": ["x"],
        "layers": [dense("inner", units=4), dense("same"), {"type": "Add", "name": "out", "from": ["same", "x"]}],
        "outputs": ["out"],
    },
    "decode": {
        "inputs": ["x", "memory"],
        "layers": [dense("seen", "memory"), {"type": "Multiply", "name": "out", "from": ["x", "seen"]}],
        "outputs": ["out"],
    },
}


def test_blocks_in_a_chain_with_a_skip_and_a_memory() -> None:
    layers = [
        X,
        {"type": "Input", "name": "memory", "shape": [8]},
        *(
            {"type": "unit", "name": f"unit_{number}"} | ({"from": "x"} if number == 1 else {})
            for number in range(1, 4)
        ),
        {"type": "decode", "name": "read1", "from": {"x": "unit_3", "memory": "memory"}},
        {"type": "decode", "name": "read2", "from": {"x": "read1", "memory": "memory"}},
        {"type": "decode", "name": "last", "from": {"x": "read2", "memory": "unit_3"}},
    ]
    assert shown(folded(layers, blocks=BLOCKS)) == """\
m: functional · 15 layers · 444 parameters
  n0 input "x" | (None, 8)
  n1 input "memory" | (None, 8)
  f0 unit × 3 "unit" | 9 layers, 228 params
    n2 Dense "inner" 4 units | 36 params, (None, 4) <- n0
    n3 Dense "same" 8 units | 40 params, (None, 8) <- n2
    n4 Add "out" <- n3, n0
  f3 decode × 2 "read" | 4 layers, 144 params in {'n4 ': 'x', 'n1 ': 'memory'}
    n11 Dense "seen" 8 units | 72 params <- n1
    n12 Multiply "out" <- n4, n11
  f5 decode "last" | 2 layers, 72 params in {'n12 ': 'x', 'n4 ': 'memory'}
    n15 Dense "seen" 8 units | 72 params <- n4
    n16 Multiply "out" <- n12, n15
  o0 output "last" <- n16
"""  # fmt: skip


def test_layers_without_blocks_and_runs_of_runs() -> None:
    group = [{"type": "Dense", "units": 16, "activation": "relu"}] * 4 + ["LayerNormalization"]
    assert shown(folded([X, *group * 3, dense("y")])) == """\
m: Sequential · 16 layers · 3,368 parameters
  n0 input "x" | (None, 8)
  s1 4 Dense, LayerNormalization × 3 | 15 layers, 3.2k params, (None, 16)
    n1 Dense × 4 16 units, relu | (None, 16) <- n0
    n5 LayerNormalization | 32 params <- n1
  n16 Dense "y" 8 units | 136 params, (None, 8) <- n5
  o0 output "y" <- n16
"""  # fmt: skip


def test_a_residual_without_blocks() -> None:
    layers: Items = [X]
    last = "x"
    for number in range(4):
        layers += [
            dense(f"a{number}", last),
            dense(f"b{number}"),
            {"type": "Add", "name": f"s{number}", "from": [f"b{number}", last]},
        ]
        last = f"s{number}"
    assert stacks(layers) == ["2 Dense, Add × 4"]


def test_equal_layers_side_by_side() -> None:
    experts = [dense(f"expert_{number}", "x", units=4, activation="relu") for number in range(12)]
    layers = [X, *experts, {"type": "Concatenate", "name": "y", "from": [it["name"] for it in experts]}]
    assert shown(folded(layers)) == """\
m: functional · 13 layers · 432 parameters
  n0 input "x" | (None, 8)
  n1 Dense × 12 "expert" 4 units, relu | 432 params, (None, 4) <- n0
  n13 Concatenate "y" | (None, 48) <- n1
  o0 output "y" <- n13
"""  # fmt: skip


def test_branches_of_several_layers_and_numbered_inputs() -> None:
    branches: Items = [X]
    tables: Items = []
    for number in range(9):
        branches += [dense(f"a{number}", "x", units=4), dense(f"b{number}", units=1)]
        tables += [{"type": "Input", "name": f"c{number}", "shape": [], "dtype": "int32"}]
        tables += [{"type": "Embedding", "name": f"e{number}", "input_dim": 9, "output_dim": 2, "from": f"c{number}"}]
    ends = {"type": "Concatenate", "name": "y"}
    assert stacks([*branches, {**ends, "from": [f"b{number}" for number in range(9)]}]) == ["2 Dense × 9"]
    assert stacks([*tables, {**ends, "from": [f"e{number}" for number in range(9)]}]) == ["Input, Embedding × 9"]
    assert stacks([*tables[::2], *tables[1::2], {**ends, "from": [f"e{number}" for number in range(9)]}]) == [
        "Input, Embedding × 9"
    ]
    assert stacks([*tables[:14], {**ends, "from": [f"e{number}" for number in range(7)]}]) == []


def test_branches_that_are_written_rank_by_rank() -> None:
    ends = {"type": "Add", "name": "y", "from": [f"b{number}" for number in range(4)]}
    ranks = [
        *(dense(f"a{it}", "x") for it in range(4)),
        *({"type": "ReLU", "name": f"b{it}", "from": f"a{it}"} for it in range(4)),
    ]
    assert stacks([X, *ranks, ends]) == ["Dense, ReLU × 4"]


def test_instances_of_nested_and_shared_models() -> None:
    nested = [X, *({"type": "unit", "name": f"n{number}", "nested": True} for number in range(4)), dense("y")]
    assert stacks(nested, blocks=BLOCKS) == ["unit × 4"]
    shared = [X, {"type": "unit", "name": "e0"}, *({"share": "e0", "name": f"e{number}"} for number in range(1, 6))]
    scene = folded(shared, blocks=BLOCKS)
    (stack,) = (it for it in scene.members if isinstance(it, Frame))
    assert (stack.card.times, stack.card.badge, stack.card.layers, stack.card.params) == (6, "A", 3, 76)
    stage = {"inputs": ["x"], "layers": [{"type": "unit", "name": "u", "repeat": 3}, dense("out")], "outputs": ["out"]}
    layers = [X, {"type": "stage", "name": "s", "repeat": 2}, dense("y", units=1)]
    assert stacks(layers, blocks={**BLOCKS, "stage": stage}) == ["stage × 2", "unit × 3"]


def concatenated(*names: str) -> dict[str, Any]:
    return {"type": "Concatenate", "name": "all", "from": list(names)}


DIFFERENT: dict[str, Callable[[], Items]] = {
    "arguments": lambda: [X, *(dense(f"d{it}", units=8 + it) for it in range(6))],
    "kernels": lambda: [{**X, "shape": [64, 8]}, *({"type": "Conv1D", "filters": 8, "kernel_size": it, "padding": "same"} for it in range(1, 6))],
    "shapes": lambda: [{**X, "shape": [64, 8]}, *({"type": "MaxPooling1D"} for _ in range(5))],
    "outputs of the model": lambda: [X, *(dense(f"t{it}", "x") for it in range(6))],
    "each read by another layer": lambda: [X, *(dense(f"d{it}", "x") for it in range(6)), *(dense(f"e{it}", f"d{it}", units=it + 1) for it in range(6)), concatenated(*(f"e{it}" for it in range(6)))],
    "read from outside": lambda: [X, *(dense(f"d{it}") for it in range(4)), concatenated(*(f"d{it}" for it in range(4)))],
    "what they read": lambda: [X, {**X, "name": "z"}, dense("a", "x"), dense("b", "z"), dense("c", "x"), concatenated("a", "b", "c")],
    "frozen": lambda: [X, *(dense(f"d{it}", trainable=it % 2 == 0) for it in range(5))],
    "types": lambda: [X, *(dense(f"d{it}", dtype=("float16", "float32")[it % 2]) for it in range(5))],
    "growing": lambda: [X, dense("d0"), *(each for it in range(1, 6) for each in ({"type": "Concatenate", "name": f"c{it}", "from": ["x", *(f"d{before}" for before in range(it))]}, dense(f"d{it}")))],
    "too few": lambda: [X, dense("a"), dense("b"), {"type": "Add", "name": "c", "from": ["a", "b"]}],
    "shared with another": lambda: [X, dense("a"), dense("b"), {"share": "a", "name": "c"}, dense("d"), {"share": "a", "name": "e"}],
}  # fmt: skip


@pytest.mark.parametrize("what", DIFFERENT)
def test_what_differs_is_not_folded(what: str) -> None:
    assert stacks(DIFFERENT[what]()) == []


def test_the_first_reads_two_tensors_that_are_one_for_the_others() -> None:
    add = {"type": "Add", "name": "out", "from": ["a", "b"]}
    twice = {"pair": {"inputs": ["a", "b"], "layers": [add, dense("y")], "outputs": ["y"]}}
    layers = [X, {**X, "name": "z"}, {"type": "pair", "name": "p0", "from": {"a": "x", "b": "z"}}]
    layers += [{"type": "pair", "name": f"p{it}", "from": {"a": f"p{it - 1}", "b": f"p{it - 1}"}} for it in range(1, 4)]
    scene = folded(layers, blocks=twice)
    assert [(it.card.name, it.card.times) for it in scene.members if isinstance(it, Frame)] == [("p0", 1), ("p", 3)]


def test_the_scene_that_was_given_stays_as_it_is() -> None:
    scene = make_scene(
        specc.compile({"name": "m", "blocks": BLOCKS, "layers": [X, {"type": "unit", "name": "u", "repeat": 4}]})
    )
    before = shown(scene)
    fold_repeats(scene)
    assert shown(scene) == before


@pytest.mark.parametrize("seed", range(12))
def test_what_is_folded_is_a_graph_still(seed: int) -> None:
    graph = specc.compile(random_spec(seed).spec)
    scene = make_scene(graph)
    constants = {graph.nodes[name].type for name in graph.graph.constants}
    folded = fold_repeats(scene)
    for one in (scene, folded):
        cards = [card for member in one.members for card in cards_of(member)]
        frames = [frame.card.id for frame in frames_of(one.members)]
        ids = {card.id for card in cards}
        assert len(cards) + len(frames) == len({*ids, *frames})
        assert all({wire.tail, wire.head} <= ids for wire in one.wires)
        heads = {wire.head for wire in one.wires}
        assert heads <= {card.id for card in cards if card.form != "input"}
        assert heads >= {card.id for card in cards if card.form != "input" and card.type not in constants}
        tuple(TopologicalSorter(before(one)).static_order())  # CycleError for a cycle
    assert {wire.head for wire in folded.wires} <= {wire.head for wire in scene.wires}


def before(scene: Scene) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for wire in scene.wires:
        found.setdefault(wire.head, set()).add(wire.tail)
    return found


def chain(count: int) -> Items:
    return [X, *(dense(f"d{it}", units=8 + it % 7 + it % 11) for it in range(count))]


def fan(count: int) -> Items:
    return [X, *(dense(f"d{it}", "x") for it in range(count))]


def kinds(count: int) -> Items:
    return [
        X,
        *(
            [dense(f"d{it}", units=8 + it % 3), "BatchNormalization", "ReLU", {"type": "Dropout", "rate": 0.1}][it % 4]
            for it in range(count)
        ),
    ]


def skips(count: int) -> Items:
    adds = [
        {"type": "Add", "name": f"s{it}", "from": [f"s{max(0, it - 1 - it % 5)}", f"s{it - 1}"]}
        for it in range(1, count)
    ]
    return [{**X, "name": "s0"}, *adds]


def ranks(count: int) -> Items:
    half = range(count // 2)
    items = [X, *(dense(f"a{it}", "x") for it in half), *(dense(f"b{it}", f"a{it}") for it in half)]
    return [*items, {"type": "Concatenate", "name": "y", "from": [f"b{it}" for it in half]}]


@pytest.mark.parametrize("grown", [chain, fan, kinds, skips, ranks])
def test_the_time_grows_with_the_number_of_layers(grown: Callable[[int], Items]) -> None:
    def seconds(count: int) -> float:
        graph = specc.compile({"name": "m", "layers": grown(count)})
        best = 9.0
        for _ in range(2):
            start = time.process_time()
            fold_repeats(make_scene(graph))
            best = min(best, time.process_time() - start)
        return best

    small, large = seconds(150), seconds(600)
    assert large < 12 * small, (small, large)  # 4 times as many layers; 16 times as long if it grew with the square


def test_copies_in_parallel_are_told_from_a_chain() -> None:
    chain = [X, *(dense(f"d{number}") for number in range(4))]
    (stack,) = (card for card in every(folded(chain).members) if card.times > 1)
    assert not stack.parallel
    ends = {"type": "Concatenate", "name": "y", "from": [f"d{number}" for number in range(4)]}
    (stack,) = (
        card for card in every(folded([X, *(dense(f"d{it}", "x") for it in range(4)), ends]).members) if card.times > 1
    )
    assert stack.parallel


def test_a_shared_layer_in_a_run_of_several_is_seen_and_counted_once() -> None:
    calls: Items = []
    for number in range(3):
        calls += [{"type": "LayerNormalization"}, {"share": "f", "name": f"f{number}"}]
    scene = folded([X, {"type": "unit", "name": "f", "nested": True}, *calls, dense("y", units=1)], blocks=BLOCKS)
    (stack,) = (card for card in every(scene.members) if card.times > 1)
    assert (stack.type, stack.times, stack.badge, stack.layers) == ("LayerNormalization, unit", 3, "A", 6)


def test_copies_that_each_share_layers_of_their_own() -> None:
    step = [dense("a"), {"share": "a", "name": "b"}, {"type": "Add", "name": "out", "from": ["b", "x"]}]
    blocks = {"step": {"inputs": ["x"], "layers": step, "outputs": ["out"]}}
    assert stacks([X, {"type": "step", "name": "s", "repeat": 4}, dense("y", units=1)], blocks=blocks) == ["step × 4"]
    split = [X, {"type": "step", "name": "s0"}, {"type": "step", "name": "s1"}, {"share": "s0.a", "name": "c"}]
    assert stacks([*split, dense("y", units=1)], blocks=blocks) == []
