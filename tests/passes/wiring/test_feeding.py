"""Which tensor each call argument gets; and what whoever refers to an item that is not there gets instead."""

from __future__ import annotations

import pytest

import specc
from tests.support.checking import codes, told
from tests.support.checking import spec as whole
from tests.support.helps import fixed_by, helps
from tests.support.nodes import nodes


def inputs(graph: specc.TypedGraph, name: str) -> list[str]:
    """What a layer reads."""
    return [ref.node for ref in graph.nodes[name].refs()]


def spec(*items: str, values: str = "{}") -> specc.Spec:
    listed = "".join(f"  - {item}\n" for item in ("{type: Input, name: x, shape: [8, 8, 3]}", *items))
    return specc.Spec.from_text(f"vars: {values}\nlayers:\n{listed}")


@pytest.mark.parametrize(("wide", "read"), [("true", ["shortcut"]), ("false", ["main"])])
def test_when_is_a_value_and_else_is_given(wide: str, read: list[str]) -> None:
    """An item with values of its own keeps ``else`` beside ``when``, also where it is there."""
    graph = specc.compile(
        spec(
            "{type: Conv2D, name: main, filters: 3, kernel_size: 1}",
            "{type: Conv2D, name: shortcut, filters: $width, kernel_size: 1, from: x, when: $wide, else: main}",
            "{type: ReLU, name: out, from: shortcut}",
            "{type: ReLU, name: other, from: main}",
            values=f"{{width: 3, wide: {wide}}}",
        ),
    )
    assert inputs(graph, "out") == read


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_no_copies_pass_on_the_first_input(depth: int) -> None:
    """The further inputs, which may need the number of a copy, are not looked at."""
    graph = specc.compile(
        spec(
            "{type: MaxPooling2D, name: down, pool_size: 1, repeat: $depth}",
            "{type: Concatenate, name: up, from: [down, down_$(depth - index)], repeat: $depth}",
            "{type: ReLU, name: out, from: up}",
            values=f"{{depth: {depth}}}",
        )
    )
    assert inputs(graph, "out") == [f"up_{depth}" if depth else "x"]


@pytest.mark.parametrize("source", ["x", "[x, '$(missing[index])']", "{inputs: [x, '$(missing[index])']}"])
def test_no_copies_and_any_form_of_from(source: str) -> None:
    graph = specc.compile(
        spec(f"{{type: Add, name: sum, from: {source}, repeat: $none}}", "{type: ReLU, name: out}", values="{none: 0}")
    )
    assert inputs(graph, "out") == ["x"]


def test_no_copies_of_an_unknown_input() -> None:
    found = specc.check(spec("{type: Add, name: sum, from: [y, x], repeat: 0}", "{type: ReLU, name: out}"))
    assert [diagnostic.code for diagnostic in found] == ["unknown-name"]


WIRED = {
    "an absent copy passes on the copy before it": (
        """
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: Dense, name: s, units: 2, repeat: 4, when: $(index % 2 == 1)}
        """,
        [
            "x: Input  shape=(3,)",
            "s_2: Dense  <- inputs: x  units=2",
            "s_4: Dense  <- inputs: s_2  units=2",
            "s: Identity  <- inputs: s_4",
            "one of outputs: s = s",
        ],
    ),
    "copies of a merge share its further inputs": (
        """
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: Input, name: y, shape: [3]}
          - {type: Add, name: s, repeat: 3, from: [x, y]}
        """,
        [
            "x: Input  shape=(3,)",
            "y: Input  shape=(3,)",
            "s_1: Add  <- inputs: [x, y]",
            "s_2: Add  <- inputs: [s_1, y]",
            "s_3: Add  <- inputs: [s_2, y]",
            "s: Identity  <- inputs: s_3",
            "one of outputs: s = s",
        ],
    ),
    "constants leave the first place to the next tensor": (
        """
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: ops.where, name: y, x2: 0.0, from: {condition: x, x1: x}}
        """,
        [
            "x: Input  shape=(3,)",
            "y: ops.where  <- condition: x, x1: x  x2=0.0",
            "one of outputs: y = y",
        ],
    ),
}


@pytest.mark.parametrize(("text", "wired"), WIRED.values(), ids=WIRED)
def test_what_each_argument_gets(text: str, wired: list[str]) -> None:
    assert nodes(text) == wired


REFUSED = {
    "absent, with nothing to pass on": (
        """
        layers:
          - {type: Input, name: x, shape: [4], when: false}
          - {type: Dense, name: y, units: 3, from: x}
        """,
        [
            "3:44 unknown-name: 'x' is absent here ('when' is false) and has no input to pass on | add 'else', a reference that replaces it",
        ],
    ),
    "absent items that stand in for each other": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: ReLU, name: a, when: false, else: b}
          - {type: ReLU, name: b, when: false, else: a}
          - {type: Dense, name: y, units: 3, from: a}
        """,
        [
            "3:5 cycle: the layers feed each other in a cycle: 'a' -> 'b' -> 'a' | cut it at one place: one of these layers must take its input from elsewhere",
        ],
    ),
    "an absent item that stands in for itself": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: a, units: 4, when: false, else: a}
          - {type: Dense, name: y, units: 7}
        """,
        [
            "3:5 cycle: the layers feed each other in a cycle: 'a' -> 'a' | cut it at one place: one of these layers must take its input from elsewhere",
        ],
    ),
    "more than one for a layer of one input": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: a, units: 4, from: [x, x]}
        """,
        [
            "3:48 surplus-input: 'a' (Dense) takes one input, not 2: 'x', 'x' | join them first, with Concatenate or Add",
        ],
    ),
    "copies side by side for one tensor": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: a, units: $n, each: {n: [1, 2]}}
          - {type: Dense, name: b, units: 4, from: a}
          - {type: Dense, name: c, units: $n, each: {n: [3, 4]}, from: a}
        """,
        [
            "4:44 ambiguous-name: 'b' (Dense) takes one tensor for 'inputs', but 'a' refers to 2 | choose one of 'a_1', 'a_2', or join them with Concatenate or Add",
            "5:64 ambiguous-name: 'c_1' (Dense) takes one tensor for 'inputs', but 'a' refers to 2 | choose one of 'a_1', 'a_2', or join them with Concatenate or Add; 'a[$index]' is one for each copy",
        ],
    ),
    "names that the call does not have": (
        """
        layers:
          - {type: Input, name: x, shape: [5, 4]}
          - {type: MultiHeadAttention, name: a, num_heads: 1, key_dim: 2, from: {qery: x, value: x}}
          - {type: Add, name: b, from: {left: x, right: x}}
          - {type: LSTM, name: c, units: 3, from: {sequences: x, training: x}}
        """,
        [
            "3:74 unknown-input: 'a' (MultiHeadAttention) has no call argument \"qery\" for a tensor | did you mean 'query'?",
            "4:33 unknown-input: 'b' (Add) has no call argument \"left\" and no \"right\" for a tensor | it takes them in one list, 'inputs': write from: [x, x]",
            "5:58 unknown-input: 'c' (LSTM) has no call argument \"training\" for a tensor | 'training' is a constant: write it under 'call'",
        ],
    ),
    "several for one argument": (
        """
        layers:
          - {type: Input, name: x, shape: [5, 4]}
          - {type: MultiHeadAttention, name: a, num_heads: 1, key_dim: 2, from: {query: [x, x], value: x}}
        """,
        [
            "3:85 surplus-input: 'a' (MultiHeadAttention) takes one tensor for 'query', not 2 | join them first, with Concatenate or Add",
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), REFUSED.values(), ids=REFUSED)
def test_refused(text: str, expected: list[str]) -> None:
    assert told(text) == expected


JOIN = """
    blocks:
      join: {inputs: [left, right], layers: [{type: Add, name: o, from: [left, right]}], outputs: [o]}
    layers:
      - {type: Input, name: x, shape: [4]}
      - {type: Input, name: z, shape: [4]}
"""


@pytest.mark.parametrize(("given", "right"), [
    ("{l: x, r: z}", "{left: x, right: z}"),
    ("{rigth: z, one: x}", "{left: x, right: z}"),
    ("{left: x, rigth: z, other: x}", "{left: x, right: z}"),
])  # fmt: skip
def test_wrong_inputs_of_an_instance_are_told_at_once(given: str, right: str) -> None:
    text = f"{JOIN}      - {{type: join, name: j, from: {given}}}\n"
    assert helps(text) == [f"its inputs are left, right: write from: {right}"]
    assert fixed_by(text, (given, right))


def test_inputs_of_an_instance_as_arguments() -> None:
    text = f"{JOIN}      - {{type: join, name: j, left: x, right: z}}\n"
    assert set(helps(text)) == {"it is an input of the block: write from: {left: x, right: z}"}


def test_a_long_chain_of_absent_items() -> None:
    items = "".join(f"  - {{type: Dense, name: d{index}, units: 3, when: false}}\n" for index in range(3000))
    graph = specc.compile(
        whole(f"layers:\n  - {{type: Input, name: x, shape: [4]}}\n{items}  - {{type: Dense, name: y, units: 1}}\n")
    )
    assert list(graph.nodes) == ["x", "y"]


def test_absent_copies_that_stand_for_each_other_do_not_multiply() -> None:
    text = "layers:\n  - {type: Input, name: x, shape: [3]}\n"
    text += "  - {type: ReLU, name: a0, each: {u: [1, 2]}}\n"
    text += "".join(
        f"  - {{type: ReLU, name: a{i}, when: false, else: a{i - 1}, each: {{u: [1, 2]}}}}\n" for i in range(1, 40)
    )
    assert codes(text + "  - {type: Add, from: a39}") == ["too-large"]


STEPS = """\
vars: {depth: 3, present: 3}
blocks:
  step:
    inputs: [x, total, mask]
    layers:
      - {type: Multiply, name: out, from: [x, mask]}
      - {type: Add, name: sum, from: [total, out]}
    outputs: {x: out, total: sum}
layers:
  - {type: Input, name: a, shape: [4]}
  - {type: Input, name: b, shape: [4]}
  - {type: Input, name: c, shape: [4]}
  - {type: step, name: s, repeat: $depth, from: FROM, when: $(index < present)FORM}
  - {type: Subtract, name: y, from: [s, s.total]}
  - {type: Add, name: z, from: [y, c]}
outputs: [z]
"""


@pytest.mark.parametrize("form", ["", ", nested: true"])
@pytest.mark.parametrize("given", ["{x: a, total: b, mask: c}", "[a, b, c]"])
def test_copies_hand_on_outputs_by_the_names_of_inputs(given: str, form: str) -> None:
    """The first output goes to the first input, ``total`` to ``total``; ``mask`` is given to every copy."""
    text = STEPS.replace("FROM", given).replace("FORM", form)
    graph = specc.compile(specc.Spec.from_text(text), set={"present": 2})
    first, second = ("s_1", "s_2") if form else ("s_1.out", "s_2.out")
    assert inputs(graph, first) == (["a", "b", "c"] if form else ["a", "c"])
    assert inputs(graph, second) == (["s_1", "s_1", "c"] if form else ["s_1.out", "c"])
    assert inputs(graph, "y") == (["s_2", "s_2"] if form else ["s_2.out", "s_2.sum"])
    for absent in ({"present": 0}, {"depth": 0}):
        assert inputs(specc.compile(specc.Spec.from_text(text), set=absent), "y") == ["a", "b"]


def test_an_absent_instance_passes_on_the_input_of_the_name_asked_for() -> None:
    text = STEPS.replace("FROM", "{x: a, total: b, mask: c}, else: c").replace("FORM", "")
    text = text.replace("[y, c]", "[y, a, b]")
    assert inputs(specc.compile(specc.Spec.from_text(text), set={"present": 0}), "y") == ["c", "c"]


MANY = """\
blocks:
  fuse:
    inputs: [x, {name: skips, many: true}]
    layers:
      - {type: Add, name: sum}
      - {type: Average, name: out}
    edges: [[x, sum], [skips, sum], [sum, out], [skips, out]]
    outputs: [out]
  around: {inputs: [{name: all, many: true}], layers: [{type: Add, name: add}, {type: fuse, name: f, from: [add, all]}], outputs: [f]}
layers:
  - {type: Input, name: x, shape: [4]}
  - {type: ReLU, name: r, each: {n: [1, 2]}, from: x}
"""


@pytest.mark.parametrize(
    ("item", "read"),
    [
        ("{type: fuse, name: f, from: [x, r]}", {"f.sum": ["x", "r_1", "r_2"], "f.out": ["f.sum", "r_1", "r_2"]}),
        ("{type: fuse, name: f, from: {skips: x, x: r_2}}", {"f.sum": ["r_2", "x"]}),
        ("{type: fuse, name: f, from: [x, r], repeat: 2}", {"f_2.sum": ["f_1.out", "r_1", "r_2"]}),
        ("{type: around, name: f, from: [r, x]}", {"f.add": ["r_1", "r_2", "x"], "f.f.sum": ["f.add", "r_1", "r_2", "x"]}),
    ],
)  # fmt: skip
def test_an_input_of_several_tensors(item: str, read: dict[str, list[str]]) -> None:
    graph = specc.compile(specc.Spec.from_text(f"{MANY}  - {item}\n"))
    assert {name: inputs(graph, name) for name in read} == read


@pytest.mark.parametrize(
    ("reference", "read"),
    [
        ("skips[0]", ["a"]),
        ("skips[-1]", ["c"]),
        ("skips[*]", ["a", "b", "c"]),
        ("skips[$(n - 1)]", ["b"]),
    ],
)
def test_one_of_the_tensors_of_an_input(reference: str, read: list[str]) -> None:
    text = f"""
        vars: {{n: 2}}
        blocks: {{b: {{inputs: [x, {{name: skips, many: true}}], layers: [{{type: Add, name: o, from: [x, "{reference}"]}}], outputs: [o]}}}}
        layers:
          - {{type: Input, name: x, shape: [4]}}
          - {{type: ReLU, name: a}}
          - {{type: ReLU, name: b}}
          - {{type: ReLU, name: c}}
          - {{type: b, name: u, from: [x, a, b, c]}}
          - {{type: Add, name: y, from: [u, a, b, c]}}
    """
    assert inputs(specc.compile(whole(text)), "u.o") == ["x", *read]


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("skips[1]", ["1:94 unknown-name: 'skips' is 1 tensor here, so there is no skips[1] | the only one is skips[0]"]),
        ("skips[0].y", ["1:94 unknown-port: 'skips' is an input of the block and has no outputs by name | write 'skips'"]),
    ],
)  # fmt: skip
def test_a_tensor_that_an_input_does_not_have(reference: str, expected: list[str]) -> None:
    text = f"""
        blocks: {{b: {{inputs: [x, {{name: skips, many: true}}], layers: [{{type: Add, name: o, from: [x, "{reference}"]}}], outputs: [o]}}}}
        layers:
          - {{type: Input, name: x, shape: [4]}}
          - {{type: ReLU, name: a}}
          - {{type: b, name: u, from: [x, a]}}
    """
    assert told(text) == expected
