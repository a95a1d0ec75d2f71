"""What the patterns of ``freeze`` name, and what counts more than they do."""

from __future__ import annotations

import re
import time
from fnmatch import translate

import pytest
from hypothesis import given
from hypothesis import strategies as st

import specc
from specc.budget import Budget
from specc.ir import NestedModel, TypedGraph
from specc.passes.expansion.freeze_patterns import Pattern
from specc.source import Place
from tests.support.checking import said, spec
from tests.support.diagnostics import document
from tests.support.draws import draws

NET = """
vars: {{deep: false, frozen: [stem], none: 0}}
freeze: {freeze}
blocks:
  unit:
    inputs: [x]
    layers:
      - {{type: Dense, name: a, units: 2, repeat: 2}}
      - {{type: BatchNormalization}}
      - {{type: Dense, name: out, units: 2, trainable: true}}
    outputs: [out]
  outer:
    inputs: [x]
    layers: [{{type: unit, name: in, nested: true}}, {{type: Dense, name: out, units: 2}}]
    outputs: [out]
layers:
  - {{type: Input, name: x, shape: [2]}}
  - {{type: Dense, name: stem, units: 2}}
  - {{type: Dense, units: 2}}
  - {{type: unit, name: s, repeat: 2}}
  - {{type: outer, name: o, nested: true}}
  - {{share: o, name: again}}
  - {{type: unit, when: $deep, name: deep}}
  - {{type: unit, repeat: $none, name: none}}
  - {{type: unit, name: kept, trainable: true}}
  - {{type: ops.expand_dims, axis: 1}}
  - {{type: TimeDistributed, name: t, layer: {{type: unit, name: inner}}}}
  - {{type: Dense, name: head, units: 1, trainable: true}}
"""
ALL = {
    "stem", "dense", "s_1.a_1", "s_1.a_2", "s_1.batch_normalization", "s_2.a_1", "s_2.a_2", "s_2.batch_normalization",
    "o.in.a_1", "o.in.a_2", "o.in.batch_normalization", "o.out", "t",
}  # fmt: skip
FROZEN: dict[str, set[str]] = {
    "[]": set(),
    "[stem]": {"stem"},
    "$frozen": {"stem"},
    "[$frozen]": {"stem"},
    "[$('st' + 'em')]": {"stem"},
    "['*']": ALL,
    "['????']": {"stem", "o.in.a_1", "o.in.a_2", "o.in.batch_normalization"},
    "['dense*']": {"dense"},
    "[s]": {"s_1.a_1", "s_1.a_2", "s_1.batch_normalization", "s_2.a_1", "s_2.a_2", "s_2.batch_normalization"},
    "['s_*']": {"s_1.a_1", "s_1.a_2", "s_1.batch_normalization", "s_2.a_1", "s_2.a_2", "s_2.batch_normalization"},
    "[s_2]": {"s_2.a_1", "s_2.a_2", "s_2.batch_normalization"},
    "['s[0]']": {"s_1.a_1", "s_1.a_2", "s_1.batch_normalization"},
    "['s[-1].a[0]']": {"s_2.a_1"},
    "['s[*].a_2']": {"s_1.a_2", "s_2.a_2"},
    "[s.a]": {"s_1.a_1", "s_1.a_2", "s_2.a_1", "s_2.a_2"},
    "[s_1.a]": {"s_1.a_1", "s_1.a_2"},
    "['s*a_1', stem]": {"s_1.a_1", "s_2.a_1", "stem"},
    "['*.a_1', 's_1*']": {"s_1.a_1", "s_1.a_2", "s_1.batch_normalization", "s_2.a_1", "o.in.a_1", "t.inner.a_1"},
    "['*batch_norm*']": {
        "s_1.batch_normalization", "s_2.batch_normalization", "o.in.batch_normalization", "t.inner.batch_normalization",
    },
    "[o]": {"o.in.a_1", "o.in.a_2", "o.in.batch_normalization", "o.out"},
    "[o.in]": {"o.in.a_1", "o.in.a_2", "o.in.batch_normalization"},
    "[o.in.a_1]": {"o.in.a_1"},
    "['o.o*']": {"o.out"},
    "[t]": {"t"},
    "[t.inner]": {"t.inner.a_1", "t.inner.a_2", "t.inner.batch_normalization"},
    "[t.inner.a]": {"t.inner.a_1", "t.inner.a_2"},
    "[deep, none, deep.a, none.a, 'de*.a', 'none[*]', 'head*', 'kept.*']": set(),
    "[kept.a_1]": {"kept.a_1"},
}  # fmt: skip


def frozen(graph: TypedGraph, around: str = "") -> set[str]:
    """The layers whose weights are not trained, by full names; those in frozen wrappers as the wrapper alone."""
    found: set[str] = set()
    for name, node in graph.nodes.items():
        weights = [weight for weight in graph.weights[name] if "moving" not in weight.name]
        inner = [
            (layer, around + name + ("" if layer is node.layer else f".{layer.own_name}"))
            for layer in node.layer.with_inner()
        ]
        models = [(graph.models[layer], path) for layer, path in inner if isinstance(layer, NestedModel)]
        if node.layer.frozen and weights:
            found.add(around + name)
        else:
            for model, path in models:
                found |= frozen(model, f"{path}.") if node.shares is None else set()
        if not models and weights:
            assert node.layer.frozen != all(weight.trainable for weight in weights)
    return found


@pytest.mark.parametrize("freeze", FROZEN)
def test_what_is_frozen(freeze: str) -> None:
    assert frozen(specc.compile(spec(NET.format(freeze=freeze)))) == FROZEN[freeze]


def test_layers_that_are_equal_otherwise_are_frozen_alone() -> None:
    graph = specc.compile(spec("""
        freeze: [b]
        layers:
          - {type: Input, name: x, shape: [2]}
          - {type: Dense, name: a, units: 2}
          - {type: Dense, name: b, units: 2}
          - {type: Dense, name: c, units: 2}
    """))  # fmt: skip
    assert [node.layer.frozen for node in graph.nodes.values()] == [False, False, True, False]
    assert graph.nodes["a"].layer is graph.nodes["c"].layer


ALPHABET = "ab._"


@draws(100)
@given(
    st.text(st.sampled_from(ALPHABET + "*?[]"), min_size=1, max_size=8),
    st.lists(st.text(st.sampled_from(ALPHABET), max_size=4), max_size=3),
)
def test_a_pattern_matches_as_in_a_shell(text: str, parts: list[str]) -> None:
    pattern = Pattern(text, Place(document(""), ()))
    places = pattern.begin()
    for part in parts:
        places, _ = pattern.after(places, part)
    wanted = re.match(translate(text.replace("[", "[[]")), "".join(parts)) is not None
    assert pattern.ends(places) == wanted


def test_patterns_take_bounded_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Budget, "values", Budget.values // 20)
    patterns = ", ".join(f"'{'*a' * 50}{number}*'" for number in range(200))
    text = f"freeze: [{patterns}]\nlayers:\n  - {{type: Input, name: x, shape: [2]}}\n  - {{type: ReLU, name: {'a' * 150}, repeat: 20000}}\n"
    start = time.process_time()
    assert said(text) == ["1:10 too-large: freeze: its patterns are compared with too many names"]
    assert time.process_time() - start < 1
