from __future__ import annotations

from typing import Any

import specc
from specc.backends.pictures.details import details
from specc.backends.pictures.scenes.make_scene import make_scene
from specc.backends.pictures.scenes.scene import card_of
from specc.ir import TypedGraph
from tests.support.graphs import blocks, chain, translator


def by_name(graph: TypedGraph) -> dict[str, dict[str, Any]]:
    return {detail["name"]: detail for detail in reversed(details(make_scene(graph))["cards"].values())}


def test_all_of_a_layer_is_told() -> None:
    assert by_name(chain())["conv2d"] == {
        "name": "conv2d",
        "type": "Conv2D",
        "says": [],
        "where": "",
        "line": "",
        "given": [
            ("filters", "8"),
            ("kernel_size", "3"),
            ("strides", "2"),
            ("padding", "same"),
            ("activation", "relu"),
        ],
        "meanings": {},
        "outputs": [("", "(None, 14, 14, 8)")],
        "dtype": "float32",
        "weights": [("kernel", "(3, 3, 1, 8)", "float32", True), ("bias", "(8,)", "float32", True)],
        "params": 80,
        "trained": 80,
    }


def test_defaults_stand_once_for_each_type() -> None:
    defaults = details(make_scene(chain()))["defaults"]
    assert {"Input", "Conv2D"} <= defaults.keys()
    assert ("filters", "") in defaults["Conv2D"]
    assert ("padding", "valid") in defaults["Conv2D"]
    assert "name" not in dict(defaults["Conv2D"])


def test_calls_of_one_layer_know_each_other() -> None:
    found = by_name(translator())
    assert len(found["embed_target"]["calls"]) == 2
    assert found["embed_target"]["calls"] == found["embed"]["calls"]
    assert found["embed_target"]["weights"] == []
    assert "calls" not in found["encoder"]


def test_ports_and_constant_arguments_are_told() -> None:
    found = by_name(translator())
    assert found["encoder"]["outputs"] == [("output", "(None, 4)"), ("state_h", "(None, 4)"), ("state_c", "(None, 4)")]
    assert found["attend"]["given"][-1] == ("use_causal_mask (call)", "true")


def test_blocks_sum_their_layers() -> None:
    stage = by_name(blocks(1))["stage1"]
    assert (stage["type"], stage["params"], stage["trained"]) == ("block", 104, 88)


SPEC = """\
name: nested
blocks:
  twice: {inputs: [x], layers: [{type: Dense, name: y, units: 3, trainable: false}], outputs: [y]}
layers:
  - {type: Input, name: x, shape: [3]}
  - {type: twice, name: a, nested: true}
  - {type: Dense, name: out, units: 2}
"""


def test_the_line_of_the_spec_and_the_path_into_nested_models() -> None:
    found = by_name(specc.compile(specc.Spec.from_text(SPEC)))
    assert found["out"]["where"].endswith(":7")
    assert found["out"]["line"] == "- {type: Dense, name: out, units: 2}"
    assert (found["a"]["params"], found["a"]["trained"]) == (12, 0)
    assert found["a/y"]["weights"][0] == ("kernel", "(3, 3)", "float32", False)


def test_descriptions_are_told() -> None:
    graph = specc.compile(
        specc.Spec.from_text(
            r"""
            description: "A net.\n\tOf \e[31mtwo\e[0m.\n"
            vars: {width: {default: 3, description: "How <b>wide</b>."}, depth: 2}
            blocks:
              b:
                description: A block.
                args: {n: {default: $width, description: Its units.}, m: {default: $depth, description: "", also: 1}}
                inputs: [x]
                layers: [{type: Dense, name: r, units: $n, activation: "$('relu' if m else 'relu')"}]
                outputs: [r]
            layers:
              - {type: Input, name: x, shape: [3]}
              - {type: b, name: one, description: The first.}
              - {type: b, name: two, nested: true}
              - {type: Dense, name: y, units: 1, description: The answer.}
            """
        )
    )
    assert {name: detail["says"] for name, detail in by_name(graph).items() if detail["says"]} == {
        "one": ["The first.", "A block."],
        "two": ["A block."],
        "y": ["The answer."],
    }
    meanings = {name: detail["meanings"] for name, detail in by_name(graph).items() if detail["meanings"]}
    assert meanings == {"one": {"n": "Its units."}, "two": {"n": "Its units."}}
    scene = make_scene(graph)
    assert scene.vars == [("width", "3", "How <b>wide</b>."), ("depth", "2", "")]
    assert scene.as_dict()["says"] == ["A net.\n        Of \\x1b[31mtwo\\x1b[0m."]
    assert {card.name: card.says for item in scene.members for card in [card_of(item)] if card.says} == {
        "one": "The first.", "two": "A block.", "y": "The answer.",
    }  # fmt: skip
