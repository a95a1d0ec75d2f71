"""Handlers for TensorFlow operations that the ONNX converter lacks, made of operations that ONNX has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Handler = Callable[[Any, Any, str, list[Any]], None]


def handlers() -> dict[str, tuple[Handler, list[Any]]]:
    """By the name of TensorFlow's operation, as ``tf2onnx`` takes them."""
    return {
        "Erfc": (_chain(("Erf", None), ("Sub", 0)), []),
        "Log1p": (_chain(("Add", 1), ("Log", None)), []),
        "Expm1": (_chain(("Exp", None), ("Sub", 1)), []),
        "Bitcast": (_sign_bit, []),
    }


def _chain(*steps: tuple[str, int | None]) -> Handler:
    """Operations one after the other; a number says on which side of an operation a 1 is, 0 the left."""

    def handle(graph: Any, node: Any, name: str, _: list[Any]) -> None:
        outputs, shapes, dtypes = list(node.output), node.output_shapes, node.output_dtypes
        value, last = node.input[0], len(steps) - 1
        one = _constant(graph, name, 1, value)
        graph.remove_node(name)
        for position, (operation, side) in enumerate(steps):
            taken = [value] if side is None else [one, value] if side == 0 else [value, one]
            given = {"outputs": outputs, "name": name} if position == last else {}
            value = graph.make_node(operation, taken, shapes=shapes, dtypes=dtypes, **given).output[0]

    return handle


def _sign_bit(graph: Any, node: Any, name: str, _: list[Any]) -> None:
    """The bits of floats as integers, if only the sign is used, as in Keras's signbit, argmax and argmin."""
    from onnx import TensorProto

    wanted = {user.type for user in graph.find_output_consumers(node.output[0])}
    if wanted != {"BitwiseAnd"} or node.output_dtypes != [TensorProto.INT32]:
        raise ValueError("ONNX has nothing for TensorFlow's Bitcast")
    outputs, shapes, value = list(node.output), node.output_shapes, node.input[0]
    float_dtype = [graph.get_dtype(value)]
    zero = _constant(graph, name, 0, value)
    graph.remove_node(name)
    # 1 / -0.0 is minus infinity
    inverse = graph.make_node("Reciprocal", [value], shapes=shapes, dtypes=float_dtype).output[0]
    below = graph.make_node("Less", [value, zero], shapes=shapes, dtypes=[TensorProto.BOOL]).output[0]
    below_zero = graph.make_node("Less", [inverse, zero], shapes=shapes, dtypes=[TensorProto.BOOL]).output[0]
    negative = graph.make_node("Or", [below, below_zero], shapes=shapes, dtypes=[TensorProto.BOOL]).output[0]
    as_int = graph.make_node(
        "Cast", [negative], attr={"to": TensorProto.INT32}, shapes=shapes, dtypes=[TensorProto.INT32]
    )
    bit = _constant(graph, name, -(2**31), as_int.output[0])
    graph.make_node(
        "Mul", [as_int.output[0], bit], outputs=outputs, name=name, shapes=shapes, dtypes=[TensorProto.INT32]
    )


def _constant(graph: Any, name: str, value: int, like: str) -> str:
    """A constant of another tensor's dtype."""
    import numpy as np
    from tf2onnx import utils

    dtype = utils.map_onnx_to_numpy_type(graph.get_dtype(like))
    made: str = graph.make_const(utils.make_name(name), np.array(value, dtype)).output[0]
    return made
