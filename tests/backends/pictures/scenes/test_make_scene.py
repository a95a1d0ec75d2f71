# ruff: noqa: RUF001 - the signs that pictures use
"""What a picture can show of a graph: its cards, frames and wires, as text."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import specc
from specc.backends.pictures.scenes.make_scene import DEEPEST_FRAME, make_scene
from specc.backends.pictures.scenes.scene import Card, Frame
from tests.support.checking import spec
from tests.support.graphs import Item, branches, chain, translator, typed
from tests.support.scenes import shown, shown_spec

SPECS = Path(__file__).parents[4] / "specs"


TRANSLATOR = """\
translator: functional · 7 layers · 1,584 parameters
  n0 input "source" | (None, None) int32
  n1 input "target" | (None, None) int32
  n2 Embedding "embed" [A] 50 → 8 | 400 params, (None, None, 8) <- n0
  n3 Embedding "embed_target" [A] 50 → 8 | (None, None, 8) <- n1
  n4 LSTM "encoder" 4 units, return state | 208 params, (None, 4) <- n2
  n5 LSTM "decoder" 4 units, return sequences | 208 params, (None, None, 4) <- n3 > sequences, n4.state_h > initial state_h, n4.state_c > initial state_c
  n6 MultiHeadAttention "attend" 2 heads, key_dim 3, causal mask | 118 params <- n5 > query, value
  n7 Add "twice" <- n6, n6
  n8 Concatenate "join" | (None, None, 12) <- n7, n3
  n9 Dense "word" 50 units | 650 params, (None, None, 50) <- n8
  o0 output "word" <- n9
"""


def test_ports_and_shared_layers() -> None:
    assert shown(make_scene(translator())) == TRANSLATOR


def test_graphs_made_by_a_program() -> None:
    assert shown(make_scene(chain())) == """\
digits: Sequential · 3 layers · 15,770 parameters
  n0 input "image" | (None, 28, 28, 1)
  n1 Conv2D "conv2d" 8 filters, 3×3, stride 2, same, relu | 80 params, (None, 14, 14, 8) <- n0
  n2 Flatten "flatten" | (None, 1568) <- n1
  n3 Dense "digit" 10 units, softmax | 15.7k params, (None, 10) <- n2
  o0 output "digit" <- n3
"""  # fmt: skip
    card = make_scene(chain()).members[1]
    assert not isinstance(card, Frame)
    assert (card.where, card.path) == ("", "conv2d")
    assert (
        shown(make_scene(branches())).splitlines()[0]
        == "branches: functional · 4 layers · 162 parameters · 62 trainable · 100 frozen"
    )


def test_where_a_spec_has_it() -> None:
    scene = make_scene(specc.compile(os.fspath(SPECS / "siamese.yaml")))
    frame = next(member for member in scene.members if isinstance(member, Frame))
    assert (frame.card.where, frame.members[-1].as_dict()["where"]) == ("siamese.yaml:25", "siamese.yaml:20")
    assert [member.as_dict()["path"] for member in scene.members[-4:]] == ["other", "difference", "same", "same"]


FROZEN = """
name: frozen
blocks:
  unit:
    args: {train: true}
    inputs: [x]
    layers:
      - {type: Dense, units: 8, trainable: $train}
      - {type: BatchNormalization, name: out}
    outputs: [out]
  model:
    inputs: [x, y]
    layers:
      - {type: Dense, name: a, units: 8, from: x, trainable: false}
      - {type: Dense, name: b, units: 4, from: y, trainable: false}
    outputs: [a, b]
layers:
  - {type: Input, name: x, shape: [8]}
  - {type: Input, name: z, shape: [8]}
  - {type: unit, name: first, train: false, from: x}
  - {type: unit, name: second, from: first}
  - {share: second, name: third, from: first}
  - {type: BatchNormalization, name: statistics, scale: false, center: false, from: second}
  - {type: model, name: pair, nested: true, from: {x: third, y: z}}
  - {share: pair, name: again, from: {x: z, y: first}}
  - {type: Reshape, name: deep, target_shape: [1, 8], from: pair.a}
  - {type: TimeDistributed, name: steps, layer: {type: Dense, units: 2, trainable: false}}
  - {type: Concatenate, name: end, from: [again.a, again.b, pair.b, statistics]}
outputs: [end, steps]
"""


def test_what_is_shared_or_frozen_is_seen_folded_or_not() -> None:
    assert shown_spec(FROZEN) == """\
frozen: functional · 10 layers · 350 parameters · 104 trainable · 198 frozen · 48 other non-trainable
  n0 input "x" | (None, 8)
  n1 input "z" | (None, 8)
  f0 unit "first" train false | 2 layers, 104 params, 72 frozen
    n2 Dense frozen 8 units | 72 params <- n0
    n3 BatchNormalization "out" | 32 params <- n2
  f1 unit "second" [A] | 2 layers, 104 params
    n4 Dense 8 units | 72 params <- n3
    n5 BatchNormalization "out" | 32 params <- n4
  f2 unit "third" [A] | 2 layers
    n6 Dense 8 units <- n3
    n7 BatchNormalization "out" <- n6
  n8 BatchNormalization "statistics" | 16 params <- n5
  f3 model "pair" [B] frozen | 2 layers, 108 params in {'n7 ': 'x', 'n1 ': 'y'} out {'n9 ': 'a', 'n10 ': 'b'}
    n9 Dense "a" frozen 8 units | 72 params <- n7
    n10 Dense "b" frozen 4 units | 36 params, (None, 4) <- n1
  n11 model "again" [B] frozen | 2 layers <- n1 > x, n3 > y
  n12 Reshape "deep" (1, 8) | (None, 1, 8) <- n9
  n13 TimeDistributed "steps" frozen Dense, 2 units | 18 params, (None, 1, 2) <- n12
  n14 Concatenate "end" | (None, 24) <- n11.a, n11.b, n10, n8
  o0 output "end" <- n14
  o1 output "steps" <- n13
"""  # fmt: skip


def test_types_other_than_float32_are_said() -> None:
    assert shown_spec("""
name: types
dtype_policy: mixed_float16
layers:
  - {type: Input, name: words, shape: [5], dtype: int32}
  - {type: Embedding, input_dim: 10, output_dim: 4}
  - {type: Dense, units: 4, dtype: float32}
  - {type: Dense, units: 4, dtype: bfloat16}
  - {type: Dense, units: 4}
  - {type: Dense, name: y, units: 4, dtype: mixed_float16}
""") == """\
types: Sequential · 5 layers · 120 parameters · mixed_float16
  n0 input "words" | (None, 5) int32
  n1 Embedding 10 → 4 | 40 params, (None, 5, 4) float16 <- n0
  n2 Dense 4 units | 20 params, (None, 5, 4), float32 <- n1
  n3 Dense 4 units | 20 params, (None, 5, 4) bfloat16 <- n2
  n4 Dense 4 units | 20 params, (None, 5, 4) float16 <- n3
  n5 Dense "y" 4 units | 20 params <- n4
  o0 output "y" <- n5
"""  # fmt: skip
    assert "  n2 Dense 2 units | 8 params, mixed_bfloat16 <- n1" in shown_spec("""
layers:
  - {type: Input, name: x, shape: [3]}
  - {type: Dense, units: 3, dtype: bfloat16}
  - {type: Dense, units: 2, dtype: mixed_bfloat16}
""").replace(", (None, 2) bfloat16", "")


BLOCK_PORTS = """
name: ports
blocks:
  mix:
    inputs: [left, right]
    layers:
      - {type: Subtract, name: apart, from: [left, right]}
      - {type: ops.divide, name: share, from: [left, right]}
    outputs: [apart, share]
layers:
  - {type: Input, name: x, shape: [4, 4]}
  - {type: mix, name: same, from: {left: x, right: x}}
  - {type: mix, name: inner, nested: true, from: {left: same.apart, right: same.share}}
  - {type: Attention, name: seen, from: [inner.apart, inner.share, x], call: {return_attention_scores: true}}
  - {type: ops.einsum, subscripts: "bij,bjk->bik", name: y, from: [seen, seen.scores]}
outputs: [y, seen.scores, same.apart]
"""


def test_ports_have_names_and_no_layer_is_drawn_for_them() -> None:
    assert shown_spec(BLOCK_PORTS) == """\
ports: functional · 6 layers · 0 parameters
  n0 input "x" | (None, 4, 4)
  f0 mix "same" | 2 layers in {'n0 ': 'left, right'} out {'n1 ': 'apart', 'n2 ': 'share'}
    n1 Subtract "apart" <- n0 > +, −
    n2 ops.divide "share" x1 ÷ x2 <- n0 > x1, x2
  f1 mix "inner" | 2 layers in {'n1 ': 'left', 'n2 ': 'right'} out {'n3 ': 'apart', 'n4 ': 'share'}
    n3 Subtract "apart" <- n1 > +, n2 > −
    n4 ops.divide "share" x1 ÷ x2 <- n1 > x1, n2 > x2
  n5 Attention "seen" <- n3 > query, n4 > value, n0 > key
  n6 ops.einsum "y" bij,bjk->bik <- n5 > bij, n5.scores > bjk
  o0 output "y" <- n6
  o1 output "seen.scores" <- n5.scores
  o2 output "same.apart" <- n1
"""  # fmt: skip


def test_frames_are_so_deep_at_most() -> None:
    name = ".".join("abcdefghijklmnopq")
    scene = make_scene(typed("deep", Item("x", "Input", shape=[3]), Item(f"{name}.y", "Dense", "x", units=3)))
    depth, item = 0, scene.members[1]
    while isinstance(item, Frame):
        depth, item = depth + 1, item.members[0]
    assert depth == DEEPEST_FRAME < 17
    assert item.name == "m.n.o.p.q.y"


def test_scenes_are_the_same_whatever_the_hash_seed_is() -> None:
    program = (
        "import json, specc\n"
        "from specc.backends.pictures.scenes.repeats import fold_repeats\n"
        "from specc.backends.pictures.scenes.make_scene import make_scene\n"
        f"for name in ('gpt2_small', 'mixture_of_experts', 'seq2seq_attention'):\n"
        f"    scene = make_scene(specc.compile({os.fspath(SPECS)!r} + '/' + name + '.yaml'))\n"
        "    print(json.dumps([scene.as_dict(), fold_repeats(scene).as_dict()]))\n"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", program], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        )
        for seed in ("1", "2")
    ]
    assert said[0].stdout == said[1].stdout
    assert len(said[0].stdout) > 10_000


FORMULA = """
    layers:
      - {type: Input, name: x, shape: [4]}
      - {type: ops.arange, name: places, stop: 4}
      - {type: Dense, name: d, units: 4, from: x}
      - {formula: "x * places + exp(d / 2)", name: z}
      - {formula: "places + [1, 1, 1, 1]", name: c}
      - {formula: z.exp - c, name: y}
      - {formula: "0.5 * sum(exp(d) + z ** 2 - 1 - d, axis=-1) + 0 * mean(z * x + exp(d / 2) * exp(d / 2), axis=-1)", name: kl}
"""


def test_a_formula_whose_end_nothing_reads_has_a_card() -> None:
    scene = make_scene(
        specc.compile(
            spec("""
            blocks:
              b:
                args: {units: 2, size: $(units * 2)}
                inputs: [x]
                layers:
                  - {formula: exp(x) * 2 + x, name: z}
                  - {type: Dense, name: out, units: $size, from: z.exp}
                outputs: [out]
            layers:
              - {type: Input, name: x, shape: [4]}
              - {type: b, name: b, units: 3}
            """)
        )
    )
    frame = next(member for member in scene.members if isinstance(member, Frame))
    assert [(item.path, item.words) for item in frame.members if isinstance(item, Card)] == [
        ("b.z.exp", ["exp(x) * 2 + x"]),
        ("b.out", ["6 units"]),
    ]
    assert (frame.card.words, frame.card.all) == (["units 3"], ["units 3", "size 6"])  # what it is given, and all


def test_a_formula_is_one_card_and_constants_are_quiet() -> None:
    scene = make_scene(specc.compile(spec(FORMULA)))
    found = {card.path: card for card in scene.members if isinstance(card, Card) and card.form != "output"}
    assert list(found) == ["x", "places", "d", "z", "c", "y", "kl"]
    assert (found["z"].type, found["z"].words, found["z"].layers) == ("formula", ["x * places + exp(d / 2)"], 4)
    assert found["kl"].all == [
        "0.5 * sum(exp(d) + z ** 2 - 1 - d, axis=-1) + 0 * mean(z * x + exp(d / 2) * exp(d / 2), axis=-1)"
    ]
    assert [found[name].family for name in ("places", "c", "z")] == ["constant", "constant", "other"]
    assert (found["places"].shape, found["places"].layers, found["c"].layers) == ("(4,) int32", 0, 0)
    names = {card.id: path for path, card in found.items()}
    assert [(names[wire.tail], names[wire.head]) for wire in scene.wires if wire.head in (found["z"].id, found["y"].id)] == [
        ("x", "z"), ("places", "z"), ("d", "z"), ("z", "y"), ("c", "y"),
    ]  # fmt: skip
