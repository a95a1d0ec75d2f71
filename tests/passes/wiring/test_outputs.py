"""The outputs of a spec: what they are called, which there are where it lists none, and which cannot be one."""

from __future__ import annotations

import pytest

import specc
from tests.support.canonical import same
from tests.support.checking import spec, told
from tests.support.nodes import nodes

BLOCK = """
blocks:
  head:
    args: {units: null}
    inputs: [x]
    layers: [{type: Dense, name: score, units: $units}, {type: ReLU, name: out}]
    outputs: [out]
layers:
  - {type: Input, name: x, shape: [4]}
"""


def names(text: str) -> list[str]:
    return [output.name for output in specc.compile(specc.Spec.from_text(BLOCK + text)).graph.outputs]


@pytest.mark.parametrize(
    "item",
    [
        "{type: Dense, name: y, units: $n, each: {n: [3, 5]}, from: x}",
        "{type: head, name: y, units: $n, each: {n: [3, 5]}, from: x}",
        "{type: head, name: y, units: $n, each: {n: [3, 5]}, from: x, nested: true}",
    ],
)
@pytest.mark.parametrize("outputs", ["[y]", "[y_1, y_2]"])
def test_copies_side_by_side(item: str, outputs: str) -> None:
    """Layers, block instances and nested models alike: as the copies are called."""
    assert names(f"  - {item}\noutputs: {outputs}\n") == ["y_1", "y_2"]


@pytest.mark.parametrize("kind", ["Dense", "head"])
def test_one_copy_is_called_as_it_would_be_among_several(kind: str) -> None:
    item = f"{{type: {kind}, name: y, units: $n, each: {{n: [3]}}, from: x}}"
    assert names(f"  - {item}\noutputs: [y]\n") == ["y_1"]
    assert names(f"  - {item}\noutputs: {{label: y}}\n") == ["label"]


def test_members_and_ports() -> None:
    item = "{type: head, name: y, units: 3, repeat: 2}"
    assert names(f"  - {item}\noutputs: [y, y_1.score, y.out]\n") == ["y", "y_1.score", "y.out"]


OF_ITEMS = {
    "instances, shared ones, copies in a chain, nested models": (
        """
  - {type: head, name: price, units: 4}
  - {type: head, name: size, units: 4, repeat: 2, from: x}
  - {share: size_1, name: again, from: x}
  - {type: Dense, name: weight, units: 1, repeat: 3, from: x}
  - {type: head, name: inner, units: 4, repeat: 2, nested: true, from: x}
  - {type: head, units: 4, from: x}
""",
        ["price", "size", "again", "weight", "inner", "head.out"],
        ["price.out", "size_2.out", "again.out", "weight_3", "inner_2", "head.out"],
    ),
    "copies side by side and a chain that ends earlier": (
        """
  - {type: head, name: side, units: 4, each: {n: [1, 2]}, from: x}
  - {type: Dense, name: y, units: 4, repeat: 3, when: $(index < 2), from: x}
""",
        ["side_1", "side_2", "y"],
        ["side_1.out", "side_2.out", "y_2"],
    ),
    "several outputs of an instance are called as references call them": (
        """
  - {type: two, name: pair, from: x}
  - {type: two, name: pairs, repeat: 2, from: x}
  - {type: many, name: all, from: x}
""",
        ["pair.first", "pair.main", "pairs_1.main", "pairs.first", "pairs.main", "all.s_1", "all.s_2"],
        ["pair.first", "pair.second", "pairs_1.second", "pairs_2.first", "pairs_2.second", "all.s_1", "all.s_2"],
    ),
}
TWO = """
  two:
    inputs: [x]
    layers:
      - {type: Dense, name: first, units: 9, from: x}
      - {type: Dense, name: second, units: 9, from: x}
    outputs: {first: first, main: second}
  many: {inputs: [x], layers: [{type: Dense, name: s, units: 3, each: {n: [1, 2]}, from: x}], outputs: [s]}
"""


@pytest.mark.parametrize(("items", "called", "of"), OF_ITEMS.values(), ids=OF_ITEMS)
def test_outputs_that_the_spec_does_not_list(items: str, called: list[str], of: list[str]) -> None:
    graph = specc.compile(specc.Spec.from_text(BLOCK.replace("blocks:\n", f"blocks:{TWO}") + items)).graph
    assert [output.name for output in graph.outputs] == called
    sources = [
        (graph.nodes[it.ref.node].refs() if it.ref.node == it.name else [it.ref])[0].node for it in graph.outputs
    ]
    named = [source if graph.nodes[name].naming else name for name, source in zip(called, sources, strict=True)]
    assert named == of


def test_a_name_that_is_another_s_is_not_taken() -> None:
    """Names of items are unique, so only a reference to an output can be another layer's name: 'a.b'."""
    text = """
        blocks: {b: {inputs: [i], layers: [{type: ReLU, name: r}, {type: ReLU, name: s, from: i}], outputs: {r: s, s: r}}}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: b, name: u}
    """
    assert nodes(text)[1:] == [
        "u.r: ReLU  <- inputs: x",
        "u.s: ReLU  <- inputs: x",
        "list of outputs: u.r = u.r, u.s = u.s",
    ]


@pytest.mark.parametrize("name", ["price", "price_N"])
@pytest.mark.parametrize(("item", "own"), [
    ("{type: head, name: price, units: 1}", "price.out"),
    ("{type: head, name: price, units: 4, repeat: 2}", "price_2.out"),
    ("{type: Dense, name: price, units: 1, repeat: 3}", "price_3"),
])  # fmt: skip
def test_keys_of_losses_metrics_and_expectations(item: str, own: str, name: str) -> None:
    items, output = f"  - {item}\n", "price"
    name = name.replace("price_N", own)
    training = f"compile: {{loss: {{{name}: mse}}, metrics: {{{name}: [mae]}}, loss_weights: {{{name}: 2}}}}\n"
    graph = specc.compile(specc.Spec.from_text(BLOCK + items + training)).graph
    assert graph.training is not None
    assert (graph.training.loss, graph.training.loss_weights) == ({output: "mse"}, {output: 2.0})
    wrong = training.replace("mse", "sparse_categorical_crossentropy") + f"expect: {{outputs: {{{name}: [null, 9]}}}}\n"
    found = specc.check(specc.Spec.from_text(BLOCK + items + wrong))
    assert found[0].path == ("expect", "outputs", name)


def test_an_item_with_two_outputs_stands_for_none() -> None:
    text = "  - {type: Dense, name: y, units: $n, each: {n: [3, 5]}, from: x}\ncompile: {loss: {y: mse}}\n"
    assert specc.check(specc.Spec.from_text(BLOCK + text))[0].code == "unknown-output"


CHOSEN = {
    "what nothing reads": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: a, units: 4}
          - {type: ReLU, name: b}
          - {type: Dense, name: c, units: 2, from: a}
        """,
        [
            "x: Input  shape=(4,)",
            "a: Dense  <- inputs: x  units=4",
            "b: ReLU  <- inputs: a",
            "c: Dense  <- inputs: a  units=2",
            "list of outputs: b = b, c = c",
        ],
    ),
    "of an instance what it gives out; members that lead to nothing are left out": (
        """
        blocks:
          b: {inputs: [i], layers: [{type: Dense, name: p, units: 4}, {type: ReLU, name: q, from: i}], outputs: [p]}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: b, name: u}
        """,
        [
            "x: Input  shape=(4,)",
            "u.p: Dense  <- inputs: x  units=4",
            "u: Identity  <- inputs: u.p",
            "one of outputs: u = u",
        ],
    ),
    "a port, a member and a shared call get an Identity of the name": (
        """
        layers:
          - {type: Input, name: x, shape: [5, 4]}
          - {type: LSTM, name: l, units: 4, return_state: true}
          - {type: Dense, name: d, units: 4}
          - {share: d, name: e, from: l}
        outputs: [l.state_h, d, e]
        """,
        [
            "x: Input  shape=(5, 4)",
            "l: LSTM  <- sequences: x  units=4  return_state=True",
            "d: Dense  <- inputs: l  units=4",
            "e: Dense  shares d  <- inputs: l",
            "l.state_h: Identity  <- inputs: l[1]",
            "list of outputs: l.state_h = l.state_h, d = d, e = e, renamed",
        ],
    ),
}


@pytest.mark.parametrize(("text", "wired"), CHOSEN.values(), ids=CHOSEN)
def test_which_there_are(text: str, wired: list[str]) -> None:
    assert nodes(text) == wired


REFUSED = {
    "one twice": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: y, units: 1}
        outputs: [y, y]
        """,
        [
            "4:14 duplicate-output: the output 'y' is listed twice | remove one of the two",
        ],
    ),
    "an Input itself": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: y, units: 1}
        outputs: {passed: x, y: y}
        """,
        [
            "4:19 input-as-output: the output 'passed' is the Input 'x' itself | an output is given by a layer; Identity passes a tensor on",
        ],
    ),
    "a label that is no name": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: y, units: 4}
        outputs: {a/b: y}
        """,
        [
            "4:11 invalid-name: a name cannot contain \"/\", as \"a/b\" does | a name has letters, digits, '_' and '-'; for instance 'a_b'",
        ],
    ),
    "a label for several copies": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: a, units: $n, each: {n: [1, 2]}}
        outputs: {h: a}
        """,
        [
            "4:14 ambiguous-name: 'a' refers to 2 copies, but a label to one tensor | name one copy, or join them with Concatenate or Add",
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), REFUSED.values(), ids=REFUSED)
def test_refused(text: str, expected: list[str]) -> None:
    assert told(text) == expected


ONLY_SAID = (
    BLOCK
    + """\
  - {type: Input, name: z, shape: [4]}
  - {%s, name: said, from: %s}
  - {share: said, name: a, from: [x]}
  - {share: said, name: b}
  - {type: Add, name: y, from: [b, z]}
outputs: [y]
"""
)


@pytest.mark.parametrize(
    "form", ["type: Dense, units: 4", "type: head, units: 4", "type: head, units: 4, nested: true"]
)
def test_a_call_that_leads_nowhere_only_says_what_is_called_again(form: str) -> None:
    """The model is that in which the layer is first called where it is needed."""
    ours = specc.build(specc.Spec.from_text(ONLY_SAID % (form, "x")))
    alone = (
        (ONLY_SAID % (form, "x"))
        .replace("name: said", "name: a")
        .replace("  - {share: said, name: a, from: [x]}\n", "")
    )
    theirs = specc.build(specc.Spec.from_text(alone.replace("share: said", "share: a")))
    same(ours, theirs)


def test_what_only_such_a_call_reads_leads_nowhere() -> None:
    text = ONLY_SAID.replace("  - {%s", "  - {type: Dense, name: before, units: 4, from: x}\n  - {%s")
    assert told(text % ("type: Dense, units: 4", "before")) == [
        "10:5 unused-layer: 'before' (Dense) leads to no output | use it, remove it, or add it to 'outputs'"
    ]


def test_a_layer_whose_own_call_is_left_out_belongs_to_the_first_shared_call() -> None:
    graph = specc.compile(
        spec("""
        blocks:
          b: {inputs: [x], layers: [{type: Dense, name: p, units: 3}, {share: p, name: r, from: x}, {share: r, name: s, from: r}], outputs: [s]}
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: b, name: i, from: x}
          - {type: b, name: j, nested: true}
          - {share: i, name: k}
        """)
    )
    assert {node.name: node.shares for node in graph.nodes.values() if node.type == "Dense"} == {
        "i.r": None, "i.s": "i.r", "k.r": "i.r", "k.s": "i.r",
    }  # fmt: skip
    assert graph.params == 24


SEVERAL = """
    vars: {n: 3}
    blocks:
      encode:
        inputs: [x]
        layers:
          - {type: Dense, name: stage, units: 8, repeat: $n}
          - {type: Dense, name: side, units: 8, each: {k: [1, 2]}, from: x}
          - {type: LSTM, name: rnn, units: 8, return_state: true, each: {k: [1, 2]}, from: x}
        outputs: GIVEN
    layers:
      - {type: Input, name: x, shape: [5, 8]}
      - {type: encode, name: e, nested: true}
      - {share: e, name: f, from: x}
      - {type: Concatenate, name: y, from: [READ]}
"""


@pytest.mark.parametrize(
    ("given", "read", "ports"),
    [
        ('["stage[*]"]', '"e.stage[*]", e, "e.stage[-1]", e.stage, "f.stage[1]", f.stage_2', [0, 1, 2, 0, 1, 2, 2, 2, 1, 1]),
        ('{levels: "stage[*]", x: x}', 'e.levels, "e.levels[0]", e, "f.levels[*]"', [0, 1, 2, 0, 0, 1, 2, 0, 1, 2]),
        ("[side, stage]", 'e.side, e, "e.side[-1]", "f.side[*]", f.stage', [0, 1, 0, 1, 1, 0, 1, 2]),
        ('{sides: side, last: "stage[-1]"}', 'e.sides, "e.sides[1]", e, e.last', [0, 1, 1, 0, 1, 2]),
        ('["stage[0]", "stage[-1]", "stage[$(n - 2)]"]', '"e.stage[0]", "e.stage[-1]", e.stage_3, "f.stage[1]"', [0, 1, 1, 2]),
        ('["rnn[*].state_h"]', '"e.rnn[*].state_h", "f.rnn[1].state_h", "f.rnn[-2].state_h"', [0, 1, 1, 0]),
        ('{h: "rnn[*].state_h"}', '"e.h[*]", "e.h[-1]"', [0, 1, 1]),
    ],
)  # fmt: skip
def test_several_outputs_of_a_nested_model(given: str, read: str, ports: list[int]) -> None:
    """They are called as those of an instance that is expanded."""
    text = SEVERAL.replace("GIVEN", given).replace("READ", read)
    graph = specc.compile(spec(text), set={"n": 3})
    assert [ref.port for ref in graph.nodes["y"].refs()] == ports
    assert specc.check(spec(text.replace(", nested: true", ""))) == []


def test_an_output_that_a_nested_model_does_not_have() -> None:
    text = SEVERAL.replace("GIVEN", '{levels: "stage[*]"}').replace("READ", '"e.levels[3]", "e.stage[*]"')
    listed = "its outputs: e.levels_1, e.levels_2, e.levels_3 (it is one layer: the members of a nested model cannot be reached)"
    assert told(text) == [
        f"14:41 unknown-name: 'y' (Concatenate): 'e' (encode) has no output \"levels[3]\" | {listed}",
        f"14:56 unknown-name: 'y' (Concatenate): 'e' (encode) has no output \"stage[*]\" | {listed}",
    ]


def test_several_outputs_of_a_nested_model_as_those_of_the_whole() -> None:
    text = SEVERAL.replace("GIVEN", '{levels: "stage[*]"}').replace("READ", "e")
    graph = specc.compile(spec(f'{text}    outputs: [y, e, "f.levels[-1]"]\n'))
    assert [output.name for output in graph.graph.outputs] == [
        "y",
        "e.levels_1",
        "e.levels_2",
        "e.levels_3",
        "f.levels_3",
    ]


def test_all_outputs_of_a_nested_model_that_nothing_reads() -> None:
    """As of an instance that is expanded."""
    text = """
        blocks:
          two:
            inputs: [x]
            layers: [{type: Dense, name: a, units: 8, from: x}, {type: Dense, name: b, units: 4, from: x}]
            outputs: [a, b]
        layers:
          - {type: Input, name: x, shape: [8]}
          - {type: two, name: pair, nested: true}
          - {type: two, nested: true, from: x}
          - {type: two, name: row, repeat: 2, nested: true, from: x}
          - {type: two, name: part, nested: true, from: x}
          - {type: Dense, name: y, units: 1, from: part}
    """
    names = ["pair.a", "pair.b", "two.a", "two.b", "row.a", "row.b", "y"]
    assert [output.name for output in specc.compile(spec(text)).graph.outputs] == names
