"""Layers and parameters of cards and frames."""

from __future__ import annotations

import os
from pathlib import Path

import specc
from specc.backends.pictures.scenes.counting import Counts
from specc.backends.pictures.scenes.make_scene import make_scene
from specc.backends.pictures.scenes.repeats import fold_repeats
from specc.backends.pictures.scenes.scene import card_of
from tests.support.scenes import shown_spec

SPECS = Path(__file__).parents[4] / "specs"


def test_a_wrapper_can_hold_a_model_that_is_frozen_in_part() -> None:
    spec = """
blocks:
  m: {args: {units: 4}, inputs: [x], layers: [{type: Dense, units: $units}, {type: Dense, name: y, units: 2, trainable: false}], outputs: [y]}
layers:
  - {type: Input, name: x, shape: [5, 4]}
  - {type: TimeDistributed, name: steps, layer: {type: m, units: 3}}
"""
    assert 'n1 TimeDistributed "steps" m, units 3 | 23 params, 8 frozen, (None, 5, 2) <- n0' in shown_spec(spec)


def test_the_sums_are_those_of_the_graph_folded_or_not() -> None:
    for path in sorted(SPECS.glob("*.yaml")):
        graph = specc.compile(os.fspath(path))
        count = Counts(graph).all
        scene = make_scene(graph)
        for members in (scene.members, fold_repeats(scene).members):
            cards = [card_of(member) for member in members]
            assert sum(card.params for card in cards) == graph.params == count.params, path
            is_shared = any(card.badge for card in cards)  # a layer that is called again is on two cards
            assert is_shared or sum(card.layers for card in cards) == count.layers, path
