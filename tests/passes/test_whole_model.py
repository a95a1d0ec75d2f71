"""What a spec says about the whole model: name, outputs, dtype policy, training, contracts."""

from __future__ import annotations

from pathlib import Path

import pytest

import specc
from tests.support.checking import said, spec, told


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("net.yaml", "net"),
        ("my net.v2.json", "my_net.v2"),
        ("..a.-b..yaml", "a.b"),
        ("-.yaml", "model"),
        ("größe.yaml", "gro_e"),
    ],
)
def test_the_model_is_named_as_the_file(tmp_path: Path, name: str, wanted: str) -> None:
    (tmp_path / name).write_text('{"layers": [{"type": "Input", "name": "x", "shape": [4]}, "Flatten"]}')
    assert specc.compile(tmp_path / name).name == wanted


def test_outputs_may_be_a_value() -> None:
    text = """
        vars: {all: {first: a, last: b}, some: [b, a], number: 3}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: a, units: 3}
          - {type: Dense, name: b, units: 3}
        outputs: $all
    """
    for written, names in (("$all", ["first", "last"]), ("$some", ["b", "a"]), ("[$('' + 'a'), b]", ["a", "b"])):
        graph = specc.compile(spec(text.replace("$all", written))).graph
        assert [output.name for output in graph.outputs] == names
    assert said(text.replace("$all", "[a, $number]")) == [
        "1:56 invalid-value: an output is a reference to a layer, not 3"
    ]


def test_every_part_may_hold_values() -> None:
    graph = specc.compile(
        spec("""
        name: $title
        vars: {title: net_3, n: 3, half: float16, rate: 0.1}
        dtype_policy: mixed_$(half)
        layers: [{type: Input, name: x, shape: [4]}, {type: Dense, name: y, units: $n}]
        compile: {optimizer: {type: SGD, learning_rate: $rate}, loss: mse}
        expect: {params: $(5 * n)}
    """)
    ).graph
    assert (graph.name, graph.dtype_policy, dict(graph.expect)) == ("net_3", "mixed_float16", {"params": 15})
    assert graph.training is not None
    assert graph.training.optimizer is not None
    assert graph.training.optimizer.given() == {"learning_rate": 0.1}


REFUSED = {
    "names of the model": (
        """
        vars: {n: 3}
        name: $n
        layers: [{type: Input, name: x, shape: [4]}, {type: Dense, name: y, units: 1}]
        """,
        [
            "1:11 invalid-name: 3 is not a valid name | for details run 'specc explain invalid-name'",
        ],
    ),
    "a policy that is misspelt": (
        """
        layers: [{type: Input, name: x, shape: [4]}, Flatten]
        dtype_policy: flaot16
        """,
        [
            "2:15 argument-value: \"flaot16\" is not a dtype policy | did you mean 'float16'?",
        ],
    ),
    "a policy as others call it": (
        """
        layers: [{type: Input, name: x, shape: [4]}, Flatten]
        dtype_policy: fp16
        """,
        [
            '2:15 argument-value: "fp16" is not a dtype policy | write float16',
        ],
    ),
    "outputs that are none": (
        """
        vars: {all: {a/b: y}, some: [y, 3]}
        layers: [{type: Input, name: x, shape: [4]}, {type: Dense, name: y, units: 1}]
        outputs: $all
        """,
        [
            "3:10 invalid-name: a name cannot contain \"/\", as \"a/b\" does | a name has letters, digits, '_' and '-'; for instance 'a_b'",
        ],
    ),
    "the bare name of a value in the training set-up": (
        """
        vars: {rate: 0.1}
        layers: [{type: Input, name: x, shape: [4]}, {type: Dense, name: y, units: 1}]
        compile: {optimizer: {type: SGD, learning_rate: rate}, loss: mse}
        """,
        [
            '3:49 unknown-schedule: optimizer: SGD: learning_rate must be a number or a learning rate schedule, not "rate" | write $rate, the value',
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), REFUSED.values(), ids=REFUSED)
def test_refused(text: str, expected: list[str]) -> None:
    assert told(text) == expected
