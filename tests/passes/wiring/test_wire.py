"""Whole specs in tests/passes/wiring/wired, and the nodes that each becomes, in ``<name>.expected``.

After wiring was changed on purpose, ``SPECC_UPDATE=1 pytest tests/passes/wiring/test_wire.py -n0`` writes the expected
nodes anew: read the difference.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import specc
from specc.arguments import Arguments
from specc.budget import Budget
from specc.ir import Graph, NestedModel, Node, Ref
from tests.support.checking import codes, said, spec

FOLDER = Path(__file__).parent / "wired"
SPECS = sorted(FOLDER.glob("*.yaml"))


def lines(graph: Graph, indent: str = "") -> Iterator[str]:
    """A line for each node: name, type, inputs, constants of the call, arguments; then the outputs."""
    for node in graph.nodes.values():
        inputs = ", ".join(f"{name}: {show(value)}" for name, value in node.inputs.items())
        parts = [f"{node.name}{'' if node.named else ' (automatic)'}: {node.type}"]
        parts += [f"shares {node.shares}"] * (node.shares is not None)
        parts += [f"<- {inputs}"] * bool(inputs)
        parts += [f"call {node.options}"] * bool(node.options)
        yield indent + "  ".join([*parts, *arguments(node)])
        if isinstance(node.layer, NestedModel) and node.shares is None:
            yield from lines(node.layer.graph, indent + "    ")
    outputs = ", ".join(f"{it.name} = {show(it.ref)}{', renamed' * it.renamed}" for it in graph.outputs)
    yield f"{indent}{graph.outputs_form} of outputs: {outputs}"


def arguments(node: Node) -> list[str]:
    if node.shares is not None or isinstance(node.layer, NestedModel):
        return []
    return [f"{name}={plain(value)}" for name, value in node.layer.given().items()]


def plain(value: Any) -> Any:
    if isinstance(value, NestedModel):
        return f"{value.type_name}(nested)"
    if isinstance(value, Arguments):
        return f"{type(value).__name__}({', '.join(f'{name}={plain(item)}' for name, item in value.given().items())})"
    return value


def show(value: Ref | tuple[Ref, ...]) -> str:
    if isinstance(value, Ref):
        return value.node if value.port == 0 else f"{value.node}[{value.port}]"
    return f"[{', '.join(map(show, value))}]"


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_nodes(path: Path) -> None:
    found = "\n".join(lines(specc.compile(path).graph)) + "\n"
    expected = path.with_suffix(".expected")
    if os.environ.get("SPECC_UPDATE"):
        expected.write_text(found, encoding="utf-8")
    assert found == expected.read_text(encoding="utf-8")


# -- What a user chooses ---------------------------------------------------------------------------

CHOICES = """
    vars: {width: 8, depth: 2, how: relu}
    variants: {tiny: {width: 2, depth: 1}, deep: {depth: $(width // 2)}}
    layers:
      - {type: Input, name: x, shape: [4]}
      - {type: Dense, name: hidden, units: $width, activation: $how, repeat: $depth}
"""


@pytest.mark.parametrize(
    ("variant", "values", "wanted"),
    [
        (None, {}, [8, 8]),
        ("tiny", {}, [2]),
        ("deep", {}, [8, 8, 8, 8]),
        (None, {"width": 3}, [3, 3]),
        ("tiny", {"depth": 3}, [2, 2, 2]),
        ("deep", {"width": 4}, [4, 4]),
        (None, {"width": "$(depth * 5)"}, [10, 10]),
    ],
)
def test_variants_and_single_values(variant: str | None, values: dict[str, Any], wanted: list[int]) -> None:
    graph = specc.compile(spec(CHOICES), variant=variant, set=values)
    assert [node.layer.units for node in graph.nodes.values() if node.type == "Dense"] == wanted  # type: ignore[attr-defined]


def test_choices_that_are_none() -> None:
    assert said(CHOICES, variant="tyni") == ['2:11 unknown-variant: there is no variant "tyni"']
    assert said(CHOICES, set={"widht": 3}) == ['1:7 unknown-value: there is no value "widht" to set']
    assert said(CHOICES, set={"width": "8"}) == [
        "1:1 argument-value: 'hidden_1' (Dense): units must be a positive integer, not \"8\""
    ]
    assert said(CHOICES, set={"width": "$(1 / 0)"}) == ["1:4 expression: the value 'width': \"1 / 0\" divides by zero"]
    assert codes("layers: [{type: Input, name: x, shape: [3]}]", variant="a") == ["unknown-variant"]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("net.yaml", "net"), ("my net.v2.json", "my_net_v2"), ("-.yaml", "model"), ("größe.yaml", "gro_e")],
)
def test_the_model_is_named_as_the_file(tmp_path: Path, name: str, wanted: str) -> None:
    (tmp_path / name).write_text('{"layers": [{"type": "Input", "name": "x", "shape": [4]}, "Flatten"]}')
    assert specc.compile(tmp_path / name).name == wanted


# -- What is refused -------------------------------------------------------------------------------

REFUSED: dict[str, tuple[str, list[str]]] = {
    "each copy's error once": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: hidden, units: $(1 // 0), repeat: 5}
          - {type: Dense, name: side, unit: 3, repeat: 3}
        """,
        [
            "3:42 expression: 'hidden_1' (Dense): \"1 // 0\" divides by zero",
            "4:31 unknown-argument: 'side_1' (Dense) has no argument \"unit\"",
        ],
    ),
    "an error in a value once": (
        """
        vars: {a: $(1 / 0), b: $a, c: "$(b + 1)"}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: y, units: $c}
        """,
        ["1:13 expression: the value 'a': \"1 / 0\" divides by zero"],
    ),
    "several missing arguments at once": (
        """
        blocks: {unit: {args: {a: null, b: null, c: 1}, inputs: [x], layers: [{type: ReLU, name: y}], outputs: [y]}}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Conv1D}
          - {type: unit, name: u}
        """,
        [
            "4:5 missing-argument: 'conv1d' (Conv1D) needs 'filters' and 'kernel_size'",
            "5:5 missing-argument: 'u' (unit) needs 'a' and 'b'",
        ],
    ),
    "a misspelt argument is not missing too": (
        """
        blocks: {unit: {args: {width: null}, inputs: [x], layers: [{type: ReLU, name: y}], outputs: [y]}}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, unit: 3}
          - {type: unit, name: u, widht: 3}
        """,
        [
            "4:19 unknown-argument: 'dense' (Dense) has no argument \"unit\"",
            "5:27 unknown-argument: 'u' (unit) has no argument \"widht\"",
        ],
    ),
    "no layer is unused because another name is wrong": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: hidden, units: 3}
          - {type: Dense, name: y, units: 3, from: hiden}
        outputs: [y]
        """,
        ["4:44 unknown-name: 'y' (Dense): there is no layer \"hiden\""],
    ),
    "a reference to an automatic name": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, units: 3}
          - {type: Dense, name: y, units: 3, from: dense}
        """,
        ["4:44 unknown-name: 'y' (Dense): there is no layer \"dense\""],
    ),
    "edges that end where nothing takes them": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: h, units: 3, repeat: 2}
          - {type: Dense, name: y, units: 3}
        edges: [[x, h], [x, h_2], [y, x], [h, y.mask], [h, y.inputs, z]]
        """,
        [
            "5:21 surplus-input: an edge ends at 'h_2', one copy of 'h'",
            "5:31 surplus-input: 'x' (Input) takes no input",
            "5:39 unknown-input: 'y' (Dense) has no call argument \"mask\" for a tensor",
            '5:62 unknown-name: there is no layer "z"',
        ],
    ),
    "an absent item without anything to pass on": (
        """
        layers:
          - {type: Input, name: x, shape: [4], when: false}
          - {type: Dense, name: y, units: 3, from: x}
        """,
        ["3:44 unknown-name: 'x' is absent here ('when' is false) and has no input to pass on"],
    ),
    "blocks with wrong insides": (
        """
        blocks:
          unit:
            inputs: [a, a]
            layers:
              - {type: Dense, name: y, units: 1, from: a}
            outputs: [z]
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: unit, name: u}
        """,
        ["3:17 duplicate-name: block 'unit' has two inputs named 'a'"],
    ),
    "an output that a block does not have": (
        """
        blocks:
          unit:
            inputs: [a]
            layers:
              - {type: Dense, name: y, units: 1}
            outputs: [z]
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: unit, name: u}
          - {type: Dense, name: y, units: 1}
        """,
        ["6:15 unknown-name: 'u' (unit): there is no layer \"z\""],
    ),
    "an unused instance": (
        """
        blocks: {unit: {inputs: [a], layers: [{type: Dense, name: y, units: 1}], outputs: [y]}}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: unit, name: u, from: x}
          - {type: unit, name: v, from: x, repeat: 2}
        outputs: [u]
        """,
        ["5:5 unused-layer: 'v_2' leads to no output"],
    ),
    "lists of different lengths": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: y, units: $a, each: {a: [1, 2], b: [1]}}
        """,
        ["3:45 invalid-value: 'y': the lists of 'each' differ in length: a has 2, b has 1"],
    ),
    "policies": (
        "layers: [{type: Input, name: x, shape: [4]}, Flatten]\ndtype_policy: flaot16\n",
        ['2:15 argument-value: "flaot16" is not a dtype policy'],
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    text, wanted = REFUSED[name]
    assert said(text) == wanted


def test_defaults_that_no_layer_takes() -> None:
    found = said("""
        defaults: {Dens: {units: 1}, Dense: {unit: 3, name: a, activation: rellu}}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: y, units: 1}
          - {type: Dense, name: z, units: 1}
    """)
    assert found == [
        '1:12 unknown-layer: unknown layer type "Dens"',
        '1:38 unknown-argument: Dense has no argument "unit"',
        '1:47 unknown-argument: Dense has no argument "name"',
        '1:68 unknown-activation: Dense: unknown activation "rellu"',
    ]


# -- Size ------------------------------------------------------------------------------------------


def test_a_long_chain_of_absent_items() -> None:
    items = "".join(f"  - {{type: Dense, name: d{index}, units: 3, when: false}}\n" for index in range(3000))
    graph = specc.compile(
        spec(f"layers:\n  - {{type: Input, name: x, shape: [4]}}\n{items}  - {{type: Dense, name: y, units: 1}}\n")
    )
    assert list(graph.nodes) == ["x", "y"]


def test_the_largest_expansion() -> None:
    text = f"""
        layers:
          - {{type: Input, name: x, shape: [4]}}
          - {{type: ReLU, name: r, repeat: {Budget.layers + 10}}}
    """
    assert codes(text) == ["too-large"]


# -- One mistake, one error ------------------------------------------------------------------------

UNIT = """blocks:
  unit:
    args: {n: null, m: $(n * 2)}
    inputs: [x]
    layers:
      - {type: Dense, units: $n}
      - {type: Dense, name: y, units: $m, rate: 3}
    outputs: [y]
layers:
  - {type: Input, name: x, shape: [4]}
"""


def test_instances_answer_each_for_their_values() -> None:
    sound = UNIT.replace(", rate: 3", "")
    found = said(f"{sound}  - {{type: unit, name: a, n: -1, repeat: 3}}\n  - {{type: unit, name: b, n: 0}}\n")
    assert found == [
        "11:30 argument-value: 'a_1.dense' (Dense): units must be a positive integer, not -1",
        "12:30 argument-value: 'b.dense' (Dense): units must be a positive integer, not 0",
    ]


def test_a_mistake_of_the_block_itself_is_said_once() -> None:
    found = said(f"{UNIT}  - {{type: unit, name: a, n: 1, repeat: 3}}\n  - {{type: unit, name: b, n: 2}}\n")
    assert found == ["7:43 unknown-argument: 'a_1.y' (Dense) has no argument \"rate\""]


def test_what_is_wrong_in_items_and_in_their_wiring_is_said_at_once() -> None:
    text = """
        blocks:
          unit:
            args: {n: null}
            inputs: [x]
            layers:
              - {type: Dense, name: hidden, unts: $n}
              - {type: Dense, name: y, units: 3, from: hiden}
            outputs: [y]
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: a, units: 0, from: y}
          - {type: Dense, name: b, units: 3, from: [a, c_3.state]}
          - {type: Dense, name: c, units: $nothing, repeat: $n}
          - {type: unit, name: d, from: b.state}
          - {type: unit, name: e, n: 3, from: z}
          - {share: c, name: f, from: x}
          - {type: Dense, name: a, units: 3, from: [d, e.hidden, d.hidden]}
        outputs: [a, e.yy]
        compile: {optimizer: adm}
    """
    assert [line.split(" ", 1)[1] for line in said(text)] == [
        "unknown-argument: 'e.hidden' (Dense) has no argument \"unts\"",
        "unknown-name: 'e.y' (Dense): there is no layer \"hiden\"",
        "argument-value: 'a' (Dense): units must be a positive integer, not 0",
        "unknown-name: 'a' (Dense): there is no layer \"y\"",
        'unknown-value: there is no value "n"',
        "missing-argument: 'd' (unit) needs 'n'",
        "unknown-port: 'b' (Dense) has no output \"state\"",
        "unknown-name: 'e' (unit): there is no layer \"z\"",
        "duplicate-name: the name 'a' is taken by another layer",
        "unknown-port: 'e' (unit) has no output or member \"yy\"",
        'unknown-optimizer: unknown optimizer "adm"',
    ]


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


@pytest.mark.parametrize(
    ("wiring", "message"),
    [
        ("from: $n, when: false", "'from' must be a name, a list of names, or a map of call arguments to these, not 3"),
        ("from: [x, $n], when: false", "'from' must be a name, a list of names, or a map of call arguments to these; 3 is not a valid name"),
        ("from: x, when: false, else: $n", "else must be a name, not 3"),
        ("from: x, when: $yes, else: $n", "else must be a string, not 3"),
        ("from: [$n, x], repeat: 0", "'from' must be a name, a list of names, or a map of call arguments to these, not 3"),
    ],
)  # fmt: skip
def test_what_an_absent_item_refers_to_is_a_name(wiring: str, message: str) -> None:
    head = "vars: {n: 3, yes: true}\nlayers:\n  - {type: Input, name: x, shape: [4]}\n"
    found = said(f"{head}  - {{type: Add, name: a, {wiring}}}\n  - {{type: Dense, units: 1, from: a}}\n")
    assert [line.split(": ", 1)[1].rpartition("'a' (Add): ")[2] for line in found] == [message]
