"""The frames that a user names: by block, instance or nested model, folded with others or not."""

from __future__ import annotations

import pytest

import specc
from specc.backends.pictures.expand import frames_named
from specc.backends.pictures.scenes.make_scene import make_scene
from specc.backends.pictures.scenes.repeats import fold_repeats
from specc.backends.pictures.scenes.scene import Frame, Scene
from tests.support.graphs import chain

SPEC = """
name: net
blocks:
  unit: {inputs: [x], args: {units: 4}, layers: [{type: Dense, units: $units, from: x}, {type: ReLU, name: y}], outputs: [y]}
  stage:
    inputs: [x]
    args: {units: 4}
    layers:
      - {type: unit, units: $units, from: x}
      - {type: LayerNormalization}
      - {type: unit, name: last, units: 4}
    outputs: [last]
  tower:
    inputs: [x]
    layers: [{type: unit, name: only, units: 9, from: x}]
    outputs: [only]
layers:
  - {type: Input, name: a, shape: [4]}
  - {type: stage, name: first, units: 7}
  - {type: stage, name: rest, repeat: 3}
  - {type: tower, name: left, nested: true}
  - {share: left, name: right, from: rest}
  - {type: Add, from: [left, right]}
"""


@pytest.fixture(scope="module")
def scene() -> Scene:
    """Two kinds of stages, of which one is there three times and folded, and a nested model that is called twice."""
    return fold_repeats(make_scene(specc.compile(specc.Spec.from_text(SPEC))))


def paths(scene: Scene, *names: str) -> list[str]:
    """The frames with these names, each by the path of its card."""
    ids = frames_named(scene, names)
    found: list[str] = []
    rest = list(scene.members)
    while rest:
        member = rest.pop(0)
        if isinstance(member, Frame):
            rest = [*member.members, *rest]
            if member.card.id in ids:
                found.append(member.card.path)
    assert len(found) == len(ids)
    return found


@pytest.mark.parametrize(("name", "found"), [
    ("stage", ["first", "rest_1"]),
    ("first", ["first"]),
    ("first.last", ["first", "first.last"]),
    ("rest_1", ["rest_1"]),
    ("rest_3", ["rest_1"]),
    ("rest", ["rest_1"]),
    ("rest_2.last", ["rest_1", "rest_1.last"]),
    ("last", ["first", "first.last", "rest_1", "rest_1.last"]),
    ("tower", ["left"]),
    ("left", ["left"]),
    ("right", ["left"]),
    ("left/only", ["left", "left/only"]),
    ("only", ["left", "left/only"]),
])  # fmt: skip
def test_names(scene: Scene, name: str, found: list[str]) -> None:
    assert paths(scene, name) == found


def test_several_names(scene: Scene) -> None:
    assert paths(scene, "right", "first", "first") == ["first", "left"]
    assert paths(scene) == []


def test_a_block_is_its_instances_at_any_depth(scene: Scene) -> None:
    assert len(paths(scene, "unit")) == len(paths(scene, "stage", "tower")) + 5


@pytest.mark.parametrize(("name", "error"), [
    ("stge", r"is named 'stge'; did you mean 'stage'\?; names: stage, unit, tower, first, "),
    ("zzzzzz", r"is named 'zzzzzz'; names: stage, unit, "),
    ("\x1b[31m", r"is named '\\\\x1b\[31m'; names: "),
    ("a", "is named 'a'"),
])  # fmt: skip
def test_a_name_that_nothing_has(scene: Scene, name: str, error: str) -> None:
    with pytest.raises(ValueError, match=f"^no block, instance or nested model {error}"):
        frames_named(scene, ["stage", name])


def test_a_graph_without_blocks() -> None:
    with pytest.raises(ValueError, match=r"^no block, instance or nested model is named 'digit'; the graph has none$"):
        frames_named(make_scene(chain()), ["digit"])
