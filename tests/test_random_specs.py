"""Random whole specs: what check accepts, Keras builds, and the model is what the typed graph says."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

import specc
from specc.backends import keras_model, summary
from specc.backends.pictures import render
from specc.backends.pictures.texts import dot, mermaid
from specc.backends.python import source as python_source
from specc.diagnostics import CompileError, Report
from specc.frontend.parse import parse
from specc.ir import NestedModel, Node, TypedGraph
from specc.layers.core import Input
from specc.passes.vars import Settings
from specc.passes.verify import verify
from specc.pipeline import Spec, lower
from tests.support import plugin
from tests.support.canonical import call_arguments, canonical_config, node_of, same, variables, weights
from tests.support.draws import times
from tests.support.emitted import all_of, run
from tests.support.random_specs import PER_SPEC, Item, random_spec
from tests.support.random_specs.forms import FORMS
from tests.support.random_specs.grown import read

SEEDS = 25


@pytest.mark.parametrize("seed", range(times(SEEDS)))
def test_random_spec(seed: int, tmp_path: Path) -> None:
    """It has the forms of the language that were asked of it, of the first ones; and all that follows holds of it."""
    with plugin.added(*plugin.GOOD):
        drawn = random_spec(seed, tmp_path)
        assert not drawn.surprises, drawn.surprises[0]
        assert seed >= SEEDS or [form for form in drawn.asked if not FORMS[form].found(drawn.spec)] == []
        thorough(drawn.spec, tmp_path, seed)


def test_every_form_of_the_language_is_asked_for() -> None:
    assert len(FORMS) <= PER_SPEC * SEEDS


# -- What must hold ------------------------------------------------------------------------------


def thorough(spec: Item, folder: Path, seed: int = 0) -> None:
    """Everything that must hold of a spec that check accepts."""
    keras.utils.clear_session(free_memory=False)
    graph = specc.compile(read(spec, folder))
    model = specc.build(read(spec, folder), seed=0)
    model_is_the_graph(model, graph)
    source_builds(model, graph)
    runs(model, graph, spec, folder, seed)
    drawn_without_error(graph, svg=seed % 25 == 0)
    reads_back(graph, model, read(spec, folder), folder, save=seed % 3 == 0)


def model_is_the_graph(model: Any, graph: TypedGraph) -> None:
    """Every call of the model is a node of the graph, with its inputs, outputs and weights, and the other way round."""
    assert isinstance(model, keras.Sequential) == (graph.form == "sequential")
    assert model.name == graph.name
    nodes = keras_nodes(model, graph)
    names = {id(node): name for name, node in nodes.items()}
    for name, node in nodes.items():
        ours = graph.nodes[name]
        equal(f"{name}: type", wanted_type(ours), type_of(node.operation))
        outputs = [tensor.symbolic.shape for tensor in graph.tensors[name]]
        equal(f"{name}: outputs", outputs, [tuple(tensor.shape) for tensor in node.outputs])
        if not isinstance(ours.layer, Input):
            read = [(names[id(node_of(it))], it._keras_history.tensor_index) for it in read_by(node, ours)]
            refs = [tuple(ref) for ref in ours.refs() if ref.node not in graph.graph.constants]
            equal(f"{name}: inputs", refs, read)
        if ours.shares is None:
            weights_agree(ours, graph, node.operation)
    named = graph.graph.outputs
    equal("params", graph.params, model.count_params())
    equal("trainable params", graph.trainable_params, count(model.trainable_weights))
    is_map, functional = graph.graph.outputs_form == "map", functional_of(model)
    given = model.output if is_map else dict(zip(functional.output_names, model.outputs, strict=True))
    by_name = {output.name: graph.tensor(output.ref).symbolic.shape for output in named}
    equal("outputs", by_name, {name: tuple(tensor.shape) for name, tensor in given.items()})
    summary_agrees(model, graph, nodes)


def summary_agrees(model: Any, graph: TypedGraph, nodes: dict[str, Any]) -> None:
    """``specc summary --format json`` says what the model has."""
    said = json.loads(summary.as_json(graph))
    equal("params", said["params"], model.count_params())
    equal("trainable params", said["trainable_params"], count(model.trainable_weights))
    equal("inputs", [each["shape"] for each in said["inputs"]], [list(tensor.shape) for tensor in model.inputs])
    equal("layers", [entry["name"] for entry in said["layers"]], list(graph.nodes))
    for entry in (entry for entry in said["layers"] if entry["name"] not in graph.graph.constants):
        operation = nodes[entry["name"]].operation
        its = [] if "shares" in entry else variables(operation)
        equal(entry["name"], entry["params"], count(its))
        equal(entry["name"], entry["trainable_params"], count(weight for weight in its if weight.trainable))
        ours = [(weight["name"], weight["shape"], weight["trainable"]) for weight in entry["weights"]]
        theirs = [(weight.name, list(weight.shape), weight.trainable) for weight in its]
        equal(entry["name"], *((sorted(ours), sorted(theirs)) if "layers" in entry else (ours, theirs)))


def equal(what: str, ours: Any, theirs: Any) -> None:
    assert ours == theirs, f"{what}\nspecc: {ours}\nkeras: {theirs}"


def count(weights: Iterable[Any]) -> int:
    return sum(math.prod(weight.shape) for weight in weights)


def keras_nodes(model: Any, graph: TypedGraph) -> dict[str, Any]:
    """Keras's node for each node of the graph: the n-th call of the layer that has the name."""
    functional = functional_of(model)
    calls: dict[str, list[Any]] = {}
    for node in (node for nodes in functional._nodes_by_depth.values() for node in nodes):
        calls.setdefault(node.operation.name, []).append(node)
    for nodes in calls.values():
        nodes.sort(key=lambda node: node.operation._inbound_nodes.index(node))
        assert len({id(node.operation) for node in nodes}) == 1, f"several layers are called {nodes[0].operation.name}"
    found = {}
    for name in (name for name in graph.order if name not in graph.graph.constants):
        ours = graph.nodes[name]
        own = ours.shares if ours.shares is not None and ours.layer.allowed_in_sequential else name
        found[name] = calls[own].pop(0)
    left = {name for name, nodes in calls.items() if nodes}
    masks = {name for name in left if not isinstance(calls[name][0].operation, keras.Layer)}  # which Keras computes
    equal("further calls", {output.name for output in graph.graph.outputs if output.renamed}, left - masks)
    return found


def functional_of(model: Any) -> Any:
    return model._functional if isinstance(model, keras.Sequential) else model


def read_by(node: Any, ours: Node) -> list[Any]:
    """The tensors that a call reads, in the order of its arguments; without the masks that Keras finds by itself."""
    given = {name: tensors_of(value) for name, value in call_arguments(node).items()}
    masks = {id(getattr(tensor, "_keras_mask", None)) for tensors in given.values() for tensor in tensors}
    return [
        tensor
        for name, tensors in given.items()
        if name in ours.inputs or not name.endswith("mask") or not masks.issuperset(map(id, tensors))
        for tensor in tensors
    ]


def tensors_of(value: Any) -> list[Any]:
    return [tensor for tensor in keras.tree.flatten(value) if isinstance(tensor, keras.KerasTensor)]


def wanted_type(node: Node) -> str:
    if isinstance(node.layer, NestedModel):
        return "Functional"
    return node.layer.keras_name() if node.layer.allowed_in_sequential else "ops"


def type_of(operation: Any) -> str:
    if isinstance(operation, keras.Model):
        return "Functional"
    if isinstance(operation, keras.layers.InputLayer):
        return "Input"
    if isinstance(operation, keras.layers.GroupQueryAttention):  # a class of another name than its public one
        return "GroupQueryAttention"
    return type(operation).__name__ if isinstance(operation, keras.Layer) else "ops"


def weights_agree(node: Node, graph: TypedGraph, operation: Any) -> None:
    ours = [(weight.name, weight.shape, weight.dtype, weight.trainable) for weight in graph.weights[node.name]]
    theirs = [
        (
            weight.path.removeprefix(f"{graph.name}/").removeprefix(f"{operation.name}/"),
            tuple(weight.shape),
            weight.dtype,
            weight.trainable,
        )
        for weight in variables(operation)
    ]
    if isinstance(node.layer, NestedModel):  # Keras orders them by depth in the graph
        ours, theirs = sorted(ours), sorted(theirs)
    equal(f"{node.name}: weights", ours, theirs)


def source_builds(model: Any, graph: TypedGraph) -> None:
    """The Python source gives the same model, names included."""
    keras.utils.clear_session(
        free_memory=False
    )  # what has no name of its own is counted from the beginning, as in a new process
    text = python_source.source(graph)
    again = run(text)
    same(again, model)
    equal("all", *first_difference(all_of(again), all_of(model)))


def first_difference(one: Any, other: Any, path: str = "") -> tuple[Any, Any]:
    """The first place at which two configurations differ; two empty texts where they are equal."""
    if isinstance(one, dict) and isinstance(other, dict) and list(one) == list(other):
        inner = re.search(
            r"\.(layer|cell|layers\.\d+\.config\.layers\.\d+|cells\.\d+|(forward|backward)_layer)\.config$", path
        )  # Keras counts their names
        pairs = [(f"{path}.{key}", one[key], other[key]) for key in one if not (inner and key == "name")]
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = [(f"{path}.{index}", *pair) for index, pair in enumerate(zip(one, other, strict=True))]
    else:
        if re.match(r"\.weights\.\d+\.0$", path):  # Keras counts the names of layers inside a layer
            one, other = (re.sub(r"(?<=/)(\w+?)_\d+(?=/)", r"\1", weight) for weight in (one, other))
        return ("", "") if one == other else (f"{path}: {one}", f"{path}: {other}")
    return next((found for key, a, b in pairs if (found := first_difference(a, b, key)) != ("", "")), ("", ""))


def runs(model: Any, graph: TypedGraph, spec: Item, folder: Path, seed: int = 0) -> None:
    """It predicts, and gives the shapes and dtypes that were inferred."""
    numbers = np.random.default_rng(seed)
    data = [random_data(graph.tensors[name][0], numbers) for name in graph.graph.inputs]
    try:
        results = tf.function(model)(data if len(data) > 1 else data[0])
    except Exception as error:
        if (
            not LACKS_KERNEL.search(str(error))
            and not is_warned_of(error, read(spec, folder))
            and not depends_on_data(error, spec, folder)
            and not keras_says_otherwise(model, data)
        ):
            raise
        return
    if graph.graph.outputs_form == "map":
        results = [results[output.name] for output in graph.graph.outputs]
    for output, result in zip(graph.graph.outputs, keras.tree.flatten(results), strict=True):
        said, got, dtype = graph.tensor(output.ref), tuple(result.shape), keras.backend.standardize_dtype(result.dtype)
        is_so = fits(got, said.shape) and dtype == said.dtype
        assert is_so or keras_says_otherwise(model, data), (output.name, said, got, dtype)


LACKS_KERNEL = re.compile(
    "No OpKernel was registered|cuDNN is not supported|is not supported yet|on an unknown TensorShape"
)
"""TensorFlow has the operation for other devices or for fewer axes only, or forgets in a graph how many there are."""


def is_warned_of(error: Exception, spec: specc.Spec) -> bool:
    """Whether check warns that the layer that fails cannot train: called by hand, layers of images do as in training."""
    failing = re.search(r"when calling (\w+)\.call", str(error))
    return failing is not None and warns(spec, "cannot-train", failing[1])


def warns(spec: specc.Spec, code: str, kind: str) -> bool:
    """Whether check gives that warning of a layer of the type."""
    return any(found.code == code and f"({kind})" in found.message for found in specc.check(spec))


def fits(got: tuple[int, ...], said: tuple[int | None, ...]) -> bool:
    """Whether values of that shape are what was said."""
    return len(got) == len(said) and all(wanted in (None, size) for size, wanted in zip(got, said, strict=True))


def keras_says_otherwise(model: Any, data: list[Any]) -> bool:
    """Whether an operation gives values of another shape or dtype when it runs than Keras says that it does before.

    Keras says the compute dtype for many a layer that hands integers or strings on as they are, and a wrong shape for
    attention over more than one axis and for the hot codes of several columns.
    """
    functional = functional_of(model)
    wrong: list[str] = []

    def watched(operation: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            outputs = operation(*args, **kwargs)
            said = {(tensor.shape, tensor.dtype) for node in operation._inbound_nodes for tensor in node.outputs}
            wrong.extend(
                operation.name
                for got in keras.tree.flatten(outputs)
                if not any(fits(tuple(got.shape), shape) and got.dtype.name == dtype for shape, dtype in said)
            )
            return outputs

        return call

    try:
        functional._run_through_graph(functional._standardize_inputs(data), operation_fn=watched)
    except Exception:
        return bool(wrong)
    return bool(wrong)


SIZES = {0: 3}
"""Of an unknown batch; any other unknown size is 5."""


def depends_on_data(error: Exception, spec: Item, folder: Path) -> bool:
    """Whether other data or another machine would do: an index in a table, other sizes where the spec leaves them open."""
    if re.search(r"indices.* = .* is not in|Input dims must be <= 5|Tensor had (NaN|Inf) values", str(error)):
        return True  # how many axes there can be is a limit of a CPU's kernel
    fixed = deepcopy(spec)
    for item in fixed["layers"]:
        if isinstance(item, dict) and item.get("type") == "Input":
            if "batch_shape" not in item:
                item["batch_shape"] = [item.pop("batch_size", None), *item.pop("shape")]
            item["batch_shape"] = list(sized(item["batch_shape"]))
    return any(diagnostic.severity == "error" for diagnostic in specc.check(read(fixed, folder)))


def sized(shape: Iterable[int | None]) -> tuple[int, ...]:
    return tuple(SIZES.get(axis, 5) if size is None else size for axis, size in enumerate(shape))


def random_data(tensor: Any, numbers: Any) -> Any:
    shape = sized(tensor.shape)
    if tensor.dtype == "string":
        return tf.constant(numbers.choice(["a", "b", "c d", ""], shape))
    if "float" in tensor.dtype:
        return tf.cast(numbers.random(shape), tensor.dtype)
    return tf.cast(numbers.integers(0, 2, shape), tensor.dtype)


def drawn_without_error(graph: TypedGraph, svg: bool) -> None:
    """The pictures."""
    assert dot.dot(graph).startswith("digraph")
    assert mermaid.mermaid(graph)
    if svg:
        assert render.svg(graph).endswith("</svg>\n")


def reads_back(graph: TypedGraph, model: Any, spec: specc.Spec, folder: Path, save: bool) -> None:
    """Keras's own ways of keeping a model keep it, but for what check warns of."""
    try:
        again = keras.models.model_from_json(model.to_json())
    except TypeError as error:
        refused = re.search(r"deserializing class '(\w+)'", str(error))
        if refused is None or not warns(spec, "cannot-load", refused[1]):
            raise
        return
    kept(again, model)
    if save:
        path = str(folder / "model.keras")
        keras_model.save(keras_model.Built(graph, model), path)
        loaded = keras.models.load_model(path)
        kept(loaded, model)
        if "lora_rank" not in model.to_json().replace(
            '"lora_rank": null', ""
        ):  # Keras saves its product with the kernel
            for one, other in zip(model.weights, loaded.weights, strict=True):
                np.testing.assert_array_equal(np.asarray(one), np.asarray(other))


def kept(again: Any, model: Any) -> None:
    """The model is the same, or what Keras makes of its layers' configurations where one is another layer by itself."""
    try:
        same(again, model)
    except AssertionError:
        if all(keeps_itself(layer) for layer in model.layers):
            raise
        same(again, keras.models.clone_model(model))


def keeps_itself(layer: Any) -> bool:
    """Whether a layer's configuration gives it again; some have another policy then, or weights that are trained."""
    alone = type(layer).from_config(layer.get_config())
    alone.build_from_config(layer.get_build_config())
    return bool(canonical_config(alone) == canonical_config(layer) and weights(alone) == weights(layer))


# -- What is refused -----------------------------------------------------------------------------


def why_not(spec: Item) -> str | None:
    """Why Keras cannot build or run a spec that specc wires but refuses; None where it can, "" where it cannot be tried."""
    document = Spec.from_dict(spec).document
    report = Report()
    try:
        parsed = parse(document, report)
        report.stop()
        assert parsed is not None
        graph = lower(document, parsed, Settings(), report)
        report.stop()
        verify(graph, report)
        report.stop()
    except CompileError:
        return ""
    if any(isinstance(node.layer, NestedModel) for node in graph.nodes.values()):
        return ""
    graph = replace(graph, training=None)
    typed = TypedGraph(graph, graph.order(), {}, {}, "functional")
    try:
        model = keras_model.build(typed)
        numbers = np.random.default_rng(0)
        data = [random_data(tensor, numbers) for tensor in model.inputs]
        tf.function(model)(data if len(data) > 1 else data[0])
    except Exception as error:  # whatever Keras and TensorFlow raise
        return f"{type(error).__name__}: {error}"
    return None
