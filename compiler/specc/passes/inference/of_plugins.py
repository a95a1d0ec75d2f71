"""What the methods of a plugin's class return: they are written outside specc, and may return anything."""

from __future__ import annotations

from specc.arguments.plugged import PluginError
from specc.calls import Callee, Weight
from specc.ir import Node
from specc.shapes import Shape, Tensor


def check_outputs(node: Node, outputs: object) -> None:
    """PluginError for outputs that are none, or are not one for each port."""
    ports = node.layer.ports(node.options)
    if not isinstance(outputs, tuple) or not all(isinstance(tensor, Tensor) for tensor in outputs):
        raise _wrong(node.layer, f"infer must return a tuple of Tensors, not {outputs!r:.80}")
    if len(outputs) != len(ports):
        raise _wrong(node.layer, f"infer must return {len(ports)} Tensors, as it has ports, not {len(outputs)}")
    for tensor in outputs:
        if not _is_shape(tensor.shape):
            raise _wrong(node.layer, f"the shape of an output is a tuple of sizes and None, not {tensor.shape!r:.80}")


def check_weights(layer: Callee, weights: tuple[object, ...]) -> None:
    """PluginError for weights that are none, or of unknown size."""
    for weight in weights:
        if not isinstance(weight, Weight) or not _is_shape(weight.shape) or None in weight.shape:
            raise _wrong(layer, f"weights must yield Weights of known sizes, not {weight!r:.80}")


def _is_shape(shape: Shape) -> bool:
    return isinstance(shape, tuple) and all(size is None or type(size) is int for size in shape)


def _wrong(layer: Callee, message: str) -> PluginError:
    return PluginError(f"the plugin's class {type(layer).__name__} is wrong: {message}")
