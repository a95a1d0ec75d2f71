"""The graph says all that a spec says about the structure of a model: instances, copies, order, what leads where."""

from __future__ import annotations

import specc
from specc.ir import Copy, Ref
from tests.support.checking import spec
from tests.support.stages import STAGES, compiled


def test_instances_have_arguments_inputs_outputs_and_parents() -> None:
    graph = compiled(STAGES)
    said = {
        it.name: (it.block, dict(it.arguments), dict(it.inputs), dict(it.outputs), it.parent)
        for it in graph.instances.values()
    }
    assert said == {
        "body_1": (
            "residual",
            {"units": 8, "rate": 0.08},
            {"x": (Ref("a"),)},
            {"y": (Ref("body_1.sum"),), "inner": (Ref("body_1.main"),)},
            None,
        ),
        "body_2": (
            "residual",
            {"units": 8, "rate": 0.08},
            {"x": (Ref("body_1.sum"),)},
            {"y": (Ref("body_2.sum"),), "inner": (Ref("body_2.main"),)},
            None,
        ),
        "top": ("stage", {}, {"x": (Ref("body_2.sum"),), "skip": (Ref("a"),)}, {"join": (Ref("top.join"),)}, None),
        "top.first": (
            "residual",
            {"units": 8, "rate": 0.08},
            {"x": (Ref("body_2.sum"),)},
            {"y": (Ref("top.first.sum"),), "inner": (Ref("top.first.main"),)},
            "top",
        ),
    }


def test_members_know_their_instance_and_copies_their_item() -> None:
    graph = compiled(STAGES)
    main = graph.nodes["top.first.main"]
    assert [it.name for it in graph.way_to(main)] == ["top", "top.first", "top.first.main"]
    assert (main.instance, main.own_name) == ("top.first", "main")
    assert graph.instances["body_2"].copy == Copy("body", 1, 2, in_chain=True)
    assert graph.nodes["head_1"].copy == Copy("head", 0, 2, in_chain=False)
    assert graph.in_copy("body_1.drop", graph.instances["body_1"], 1) == "body_2.drop"
    assert graph.in_copy("body_1.drop", graph.instances["body_1"], 2) is None


def test_what_is_left_out_is_no_output_of_its_instance() -> None:
    text = STAGES.replace("outputs: {y: sum, inner: main}", "outputs: {y: sum, inner: extra}").replace(
        "      - {type: Add", "      - {type: Dense, name: extra, units: 1, from: x}\n      - {type: Add"
    )
    graph = compiled(text + "outputs: [head]\n")
    assert "body_1.extra" not in graph.nodes
    assert graph.instances["body_1"].outputs == {"y": (Ref("body_1.sum"),), "inner": ()}


def test_an_output_that_nobody_reads_switches_nothing_on() -> None:
    graph = compiled("""
        blocks:
          attend:
            inputs: [x]
            layers: [{type: MultiHeadAttention, name: mha, num_heads: 2, key_dim: 4, from: {query: x, value: x}}]
            outputs: {y: mha, scores: mha.scores}
        layers: [{type: Input, name: x, shape: [5, 8]}, {type: attend, name: a}, {type: Dense, name: y, units: 1}]
        """)
    assert graph.nodes["a.mha"].options == {}
    assert graph.instances["a"].outputs == {"y": (Ref("a.mha"),), "scores": ()}


def test_the_order_is_the_file_s_where_that_works() -> None:
    graph = specc.compile(
        spec("""
        layers:
          - {type: Add, name: sum, from: [b, a]}
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: b, units: 4, from: a}
          - {type: Dense, name: a, units: 4, from: x}
          - {type: Dense, name: y, units: 1, from: sum}
    """)
    )
    assert graph.order == ("x", "a", "b", "sum", "y")
    assert list(graph.nodes) == ["sum", "x", "b", "a", "y"]


def test_what_leads_to_a_node() -> None:
    graph = compiled(STAGES)
    assert graph.leading_to(["body_2.main"]) == {"a", "body_1.main", "body_1.drop", "body_1.sum", "body_2.main"}


def test_what_else_stands_for_an_output() -> None:
    items = "  - {type: residual, name: tail, units: 16, repeat: 2, from: top}\n"
    assert compiled(STAGES).other_names_of_outputs() == {}  # 'head' is two
    assert compiled(STAGES.replace("each: {n: [1, 2]}", "each: {n: [1]}")).other_names_of_outputs() == {
        "head": "head_1"
    }
    graph = compiled(STAGES + items)
    assert [output.name for output in graph.outputs] == ["head_1", "head_2", "tail"]
    assert graph.other_names_of_outputs() == {"tail.y": "tail", "tail_2.y": "tail", "tail_2.sum": "tail"}
    assert compiled(f"{STAGES}{items}outputs: [tail, head]\n").other_names_of_outputs() == {}


def test_the_dag_of_networkx() -> None:
    dag = compiled(STAGES).digraph()
    assert list(dag.successors("a")) == ["body_1.main", "body_1.sum", "top.join"]
