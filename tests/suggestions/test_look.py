"""What suggestions see of a graph, and what a change of it would do."""

from __future__ import annotations

import specc
from specc import layers
from specc.calls import Callee
from specc.ir import Ref
from specc.suggestions.look import inserted_after, spelled
from tests.support.checking import spec
from tests.support.looking import look

GRAPH = specc.compile(
    spec("""
    blocks: {b: {inputs: [i], layers: [{type: Dense, name: d, units: 4}, {type: LSTM, name: l, units: 4, return_state: true}], outputs: [l]}}
    layers:
      - {type: Input, name: x, shape: [5, 4]}
      - {type: b, name: u}
      - {type: Dense, name: a, units: 4, from: u}
      - {share: a, name: again, from: x}
      - {type: Add, name: sum, from: [a, u.l.state_h]}
    outputs: [sum, again]
    """)
)


def made(type: str, **arguments: object) -> Callee:
    cls = layers.find(type)
    assert cls is not None
    layer, problems = cls.parse(arguments)
    assert layer is not None, problems
    return layer


def test_the_way_up_ends_where_it_is_told_to() -> None:
    seen = look(GRAPH)
    assert [it.name for it in seen.above("sum", {}, lambda *_: False)] == ["a", "u.l", "u.d", "x"]
    assert [it.name for it in seen.above("sum", {}, lambda node, port: node.type == "LSTM" and port == 0)] == [
        "a",
        "u.l",
        "u.d",
        "x",
    ]
    assert [it.name for it in seen.above("a", {}, lambda node, port: node.type == "LSTM" and port == 0)] == ["u.l"]
    assert [it.name for it in seen.inputs("sum")] == ["x"]
    assert list(seen.below("u.d")) == ["u.l", "a", "sum"]


def test_the_way_up_ends_with_the_effort() -> None:
    seen = look(GRAPH)
    seen.effort = 2
    assert [it.name for it in seen.above("sum", {}, lambda *_: False)] == ["a", "u.l"]


def test_a_layer_changes_in_all_its_calls() -> None:
    change = look(GRAPH).with_layer(GRAPH.nodes["again"], made("Dense", units=7))
    assert sorted(change) == ["a", "again"]


def test_a_change_is_inferred_up_to_its_goal() -> None:
    seen = look(GRAPH)
    found = seen.sound(seen.with_layer(GRAPH.nodes["u.d"], made("Dense", units=9)), "a")
    assert found is not None
    assert [found[name][0].shape for name in ("u.d", "u.l", "a")] == [(None, 5, 9), (None, 4), (None, 4)]
    assert (
        seen.sound(seen.with_layer(GRAPH.nodes["a"], made("Dense", units=9)), "sum") is None
    )  # 9 and 4 cannot be added
    assert seen.sound(seen.with_layer(GRAPH.nodes["sum"], made("Add")), "u.d") is None  # it does not lead there
    assert GRAPH.tensors["u.d"][0].shape == (None, 5, 4)


def test_a_change_that_makes_a_cycle_is_none() -> None:
    again = GRAPH.nodes["u.d"]._replace(inputs={"inputs": Ref("u.l")})
    assert look(GRAPH).sound({"u.d": again}, "sum") is None


def test_the_first_change_that_helps() -> None:
    seen = look(GRAPH)
    changes = [(f"{units} units", seen.with_layer(GRAPH.nodes["a"], made("Dense", units=units))) for units in (3, 4, 5)]
    assert seen.first_sound(changes, "sum") == "4 units"


def test_a_layer_after_an_output_comes_before_those_that_read_it() -> None:
    change = inserted_after(Ref("u.l", 1), made("Dense", units=4), [GRAPH.nodes["sum"], GRAPH.nodes["a"]])
    assert {name: node.inputs for name, node in change.items()} == {
        "sum": {"inputs": (Ref("a"), Ref("u.l 1 Dense"))},
        "u.l 1 Dense": {"inputs": Ref("u.l", 1)},
    }
    found = look(GRAPH).sound(change, "sum")
    assert found is not None
    assert found["u.l 1 Dense"][0].shape == (None, 4)


def test_references_as_they_are_written() -> None:
    assert [spelled(GRAPH.graph, ref) for ref in (Ref("a"), Ref("u.l"), Ref("u.l", 2))] == ["a", "l", "l.state_c"]


def test_what_is_known_of_the_tensors() -> None:
    seen = look(GRAPH)
    seen.tensors = {"a": GRAPH.tensors["a"]}
    assert seen.tensor(Ref("u.l", 1)) is None
    assert seen.given(GRAPH.nodes["sum"]) == [GRAPH.tensor(Ref("a"))]
