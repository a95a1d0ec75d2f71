"""What a program has in its hands: graphs, specs and errors that go to other processes."""

from __future__ import annotations

import copy
import multiprocessing
import pickle
from concurrent.futures import ProcessPoolExecutor

import pytest

import specc
from specc import layers
from specc.backends import summary

TEXT = "name: small\nlayers: [{type: Input, name: x, shape: [4]}, {type: Dense, name: y, units: 8}]\n"
WRONG = "layers:\n  - {type: Input, name: x, shape: [4]}\n  - {type: Dens, units: 8}\n"
NESTED = """
    blocks:
      tower:
        inputs: [i]
        layers: [{type: Dense, name: d, units: 2}, {type: ops.relu, name: r}, {type: Add, name: out, from: [d, r]}]
        outputs: [out]
    layers:
      - {type: Input, name: x, shape: [5, 3]}
      - {type: TimeDistributed, name: t, layer: tower}
      - {type: tower, name: n, nested: true, repeat: 2}
      - {type: Dense, name: y, units: 1, kernel_initializer: {type: RandomNormal, stddev: 0.1}}
    compile: {loss: {type: Huber, delta: 2.0}, optimizer: adam}
    """


def compiled_elsewhere(spec: specc.Spec) -> specc.TypedGraph:
    return specc.compile(spec)


# -- Pickled ---------------------------------------------------------------------------------------


def test_specs_graphs_and_errors_go_to_other_processes_and_back() -> None:
    good, bad = specc.Spec.from_text(NESTED, "nested.yaml"), specc.Spec.from_text(WRONG, "wrong.yaml")
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        graph = pool.submit(compiled_elsewhere, good).result()
        with pytest.raises(specc.CompileError) as caught:
            pool.submit(compiled_elsewhere, bad).result()
    assert summary.as_json(graph) == summary.as_json(specc.compile(good))
    with pytest.raises(specc.CompileError) as here:
        specc.compile(bad)
    assert str(caught.value) == str(here.value)
    assert "3 |   - {type: Dens, units: 8}" in str(caught.value)


def test_a_copy_builds_the_same_model() -> None:
    spec = specc.Spec.from_text(NESTED)
    copies = [pickle.loads(pickle.dumps(spec)), copy.deepcopy(spec)]
    wanted = specc.build(spec, seed=0)
    for model in [specc.build(again, seed=0) for again in copies]:
        assert model.get_config() == wanted.get_config()
        for one, other in zip(model.get_weights(), wanted.get_weights(), strict=True):
            assert (one == other).all()


def test_every_layer_and_operation_can_be_pickled() -> None:
    wrong = []
    for name in layers.names():
        cls = layers.find(name)
        assert cls is not None
        graph = specc.compile(specc.Spec.from_text(cls.example))
        for again in (pickle.loads(pickle.dumps(graph)), copy.deepcopy(graph)):
            if [node.layer for node in again.nodes.values()] != [node.layer for node in graph.nodes.values()]:
                wrong.append(name)
    assert wrong == []


# -- Shown -----------------------------------------------------------------------------------------


# -- Asked -----------------------------------------------------------------------------------------
