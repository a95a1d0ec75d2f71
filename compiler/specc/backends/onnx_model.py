"""A Keras model to an ONNX file, with the spec's names."""

from __future__ import annotations

from typing import Any

from specc.backends.exporting import Blame, ExportError, exporting, outputs_by_name, reason
from specc.backends.keras_model import Built, Keras, load_keras, load_tensorflow
from specc.ir import TypedGraph

OPSET = 18
"""The version of ONNX's operations."""
LARGEST_FILE = 2**31
"""Bytes of an ONNX file, which is one protocol buffer."""


def save(built: Built, path: str) -> None:
    """Write an ONNX file, whose inputs and outputs have the spec's names and keep unknown sizes open.

    ExportError, before anything is written, for what ONNX cannot express.
    """
    graph, model = built
    if graph.memory >= LARGEST_FILE:
        raise ExportError(
            f"an ONNX file must be smaller than 2 GiB, and the weights of '{graph.name}' take {graph.memory:,} bytes"
        )
    both = set(graph.inputs) & set(graph.outputs)
    if both:
        raise ExportError(
            f"ONNX cannot have an input and an output of the same name, '{min(both)}'; give the output another label"
        )
    with exporting(graph, model, "ONNX") as blame:
        from onnx import checker

        proto = _convert(graph, model, blame)
        try:
            checker.check_model(proto, full_check=True)
        except (checker.ValidationError, RuntimeError) as error:
            raise blame.error(str(error), reason(error)) from None
    with open(path, "wb") as file:
        file.write(proto.SerializeToString())


def _convert(graph: TypedGraph, model: Keras, blame: Blame) -> Any:
    """The model as an ``onnx.ModelProto``."""
    from tf2onnx import optimizer, tf_loader, tfonnx

    from specc.backends.onnx_handlers import handlers

    keras, tf = load_keras(), load_tensorflow()
    specs = [tf.TensorSpec(tensor.shape, tensor.dtype, name=f"input_{n}") for n, tensor in enumerate(model.inputs)]

    def run(*given: Any) -> list[Any]:
        outputs = outputs_by_name(graph, keras, model(given[0] if len(given) == 1 else list(given), training=False))
        return [tf.identity(output) for output in outputs.values()]

    with blame.scopes(tf):
        function = tf.function(run, input_signature=specs, autograph=False).get_concrete_function()
    inputs = [tensor.name for tensor in function.inputs[: len(specs)]]
    outputs = [tensor.name for tensor in function.outputs]
    with tf.device("/cpu:0"):
        frozen, tables = tf_loader.from_trackable(model, function, inputs, outputs, False)
        with tf.Graph().as_default() as flat:
            tf.import_graph_def(frozen, name="")
            converted = tfonnx.process_tf_graph(
                flat,
                opset=OPSET,
                custom_op_handlers=handlers(),
                input_names=inputs,
                output_names=outputs,
                initialized_tables=tables,
                tensors_to_rename=dict(zip(inputs + outputs, [*graph.inputs, *graph.outputs], strict=True)),
            )
        proto = optimizer.optimize_graph(converted, catch_errors=False).make_model(graph.name)
    _need_operations(proto.graph, blame)
    for taken in proto.graph.input:
        if taken.type.tensor_type.shape.dim and graph.inputs[taken.name].shape[0] is None:
            taken.type.tensor_type.shape.dim[0].dim_param = "batch"
    return proto


def _need_operations(graph: Any, blame: Blame) -> None:
    """ExportError for an operation that ONNX does not have; the converter leaves TensorFlow's unchanged."""
    from onnx import defs

    for node in graph.node:
        if not defs.has(node.op_type, node.domain):
            raise blame.error(node.name, f"ONNX has nothing for TensorFlow's {node.op_type}")
        for attribute in node.attribute:
            for inner in (attribute.g, *attribute.graphs):
                _need_operations(inner, blame)
