"""Attention as an operation."""

from collections.abc import Iterable

from specc.arguments import Number
from specc.calls import Argument, Call
from specc.diagnostics.problem import ShapeError
from specc.dtypes import BOOL, FLOATS, NUMBERS, result_type
from specc.operations.base import Operation
from specc.operations.rules import need_dtype
from specc.shapes import Tensor, broadcast, differ, fits, need_rank, show_shape


class DotProductAttention(Operation, op="dot_product_attention"):
    """Values weighed by how alike each query is to their keys, head by head."""

    tensors = (
        Argument("query"),
        Argument("key"),
        Argument("value"),
        Argument("bias", required=False),
        Argument("mask", required=False),
    )
    shape_rule = "(batch, n, heads, size), (batch, m, heads, size), twice -> (batch, n, heads, size)"
    sample = (
        "layers:\n  - {type: Input, name: query, shape: [5, 2, 8]}\n  - {type: Input, name: memory, shape: [7, 2, 8]}\n"
        "  - {type: TYPE, from: {query: query, key: memory, value: memory}}\n"
    )
    refused = {
        "flash_attention": "TensorFlow has no flash attention",
        "attn_logits_soft_cap": "it has an effect on TPUs only",
    }

    scale: Number | None = None
    is_causal: bool = False

    def _outputs(self, call: Call) -> Iterable[Tensor]:
        query, key, value = (call.tensor(name) for name in ("query", "key", "value"))
        for name, tensor in (("query", query), ("key", key), ("value", value)):
            need_dtype(tensor.dtype, FLOATS, name)
            need_rank(tensor.shape, 4, help="(batch, steps, heads, size); a Reshape layer splits an axis into heads")
        (batch, rows, heads, size), (_, columns, kept, _) = query.shape, key.shape
        grouped = heads is not None and kept is not None and kept > 1 and heads % kept == 0
        if (
            not fits(key.shape, value.shape)
            or differ(batch, key.shape[0])
            or differ(size, key.shape[3])
            or (differ(heads, kept) and not grouped)
        ):
            raise ShapeError(
                f"cannot attend with {show_shape(query.shape)} to {show_shape(key.shape)} and {show_shape(value.shape)}",
                help="keys and values have one shape; their size is that of the query, they have as many heads, or a part of them greater than 1",
            )
        scores = (batch, heads, rows, columns)
        for name, accepted in (("bias", NUMBERS), ("mask", BOOL)):
            part = call.one(name)
            if part is None:
                continue
            need_dtype(part.dtype, accepted, name)
            if not fits(broadcast(scores, part.shape) or (), scores):
                raise ShapeError(
                    f"cannot broadcast the {name} {show_shape(part.shape)} to {show_shape(scores)}",
                    tensors=(name,),
                    help="(batch, heads, n, m), with 1 for what is the same for all",
                )
        yield Tensor(query.shape, result_type(query.dtype, key.dtype, value.dtype))

    def scratch(self, call: Call) -> int:
        """The scores: of each head, for each pair of a query and a key."""
        (batch, rows, heads, _), columns = call.tensor("query").shape, call.tensor("key").shape[1]
        return Tensor((batch, heads, rows, columns)).bytes or 0
