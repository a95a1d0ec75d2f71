"""Attention by several heads, each with its own projections."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from specc.arguments import (
    Axes,
    Fraction,
    Integer,
    PositiveInt,
    TypeWords,
    freeze,
)
from specc.arguments.roles import AS_LIST
from specc.calls import Tracked
from specc.diagnostics.problem import Problem, RuleError, ShapeError
from specc.layers.accept import PLAIN, need_dense, need_kind
from specc.layers.attention import AnyAttention
from specc.layers.base import Argument, Call, Weight
from specc.layers.weight_arguments import WithBias, WithKernel
from specc.shapes import Shape, Tensor, broadcast, distinct_axes, fits, need_known, need_rank, show_shape

_MOST_AXES = 8
"""The most axes of scores that TensorFlow can compute."""

_MASKS = ("query_mask", "value_mask", "key_mask", "attention_mask")


class _MultiHead(AnyAttention, WithKernel, WithBias):
    """What the layers with several heads share: projections, and masks from several sources."""

    ctor_ignores_trainable = True
    unsaved = frozenset({"flash_attention"})
    tensors = (
        Argument("query"),
        Argument("value"),
        Argument("key", required=False),
        *(Argument(name, required=False) for name in _MASKS),
    )

    dropout: Fraction = 0.0
    use_bias: bool = True
    sliding_window: PositiveInt | None = None
    flash_attention: bool | None = None
    use_gate: bool = False
    seed: Integer | None = None

    def check(self) -> Iterator[Problem]:
        if self.flash_attention and self.dropout > 0:
            yield Problem(
                "argument-clash",
                "takes flash_attention or dropout, not both",
                ("flash_attention",),
                "set dropout to 0, or remove flash_attention",
            )

    def tracked(self) -> Sequence[Tracked]:
        """The projections, and what turns scores into shares; only MultiHeadAttention shows most of them."""
        shown = {} if isinstance(self, GroupQueryAttention) else dict.fromkeys(("query", "key", "value", "output"), "")
        names = {"query": "query", "key": "key", "gate": "gate", "value": "value", "output": "attention_output"}
        projections = [Tracked(f"{shown.get(role, '_')}{role}_dense", name) for role, name in names.items()]
        if not self.use_gate:
            del projections[2]
        return [*projections, Tracked("_softmax", "", type="Softmax"), Tracked("_dropout_layer", "", type="Dropout")]

    def inputs(self, call: Call) -> tuple[Shape, Shape, Shape]:
        """The shapes of query, value and key; RuleError if they do not fit together."""
        query, value = call.tensor("query"), call.tensor("value")
        key = call.one("key") or value
        for name, tensor in (("query", query), ("value", value), ("key", key)):
            need_kind(tensor, PLAIN, name if name in call.tensors else "value")
            need_dense(tensor)
            need_rank(tensor.shape, 2, least=True)
            need_known(tensor.shape, -1, f"of its {name} to size a kernel")
        if value.shape[1:-1] != key.shape[1:-1]:
            raise ShapeError(
                f"needs a value and a key of the same shape but for the last axis, "
                f"got {show_shape(value.shape)} and {show_shape(key.shape)}",
                help="remove key, and the value is the key too" if "key" in call.tensors else None,
                tensors=("value", "key"),
            )
        return query.shape, value.shape, key.shape

    def need_slow(self, call: Call) -> None:
        """RuleError if Keras would need flash attention, which TensorFlow does not have."""
        if self.flash_attention:
            why = "return its scores with" if call.options.get("return_attention_scores") else "use"
            raise RuleError(
                f"cannot {why} flash_attention: TensorFlow does not have it",
                argument="flash_attention",
                help="remove flash_attention",
                code="argument-clash",
            )

    def fused(self, call: Call, query: Shape) -> bool:
        """Whether Keras computes in one operation instead of scores, softmax and product."""
        return len(query) == 3 and self.dropout == 0 and not call.options.get("return_attention_scores")

    def query_mask(self, call: Call) -> Shape | None:
        """The shape of the mask that is used for the query."""
        raise NotImplementedError

    def need_masks(self, call: Call, scores: Shape, attended: int, fused: bool) -> Shape | None:
        """The mask that Keras leaves on the scores; ShapeError unless all masks together fit them.

        ``attended``: the number of axes attended over.
        """
        query, value = call.tensor("query"), call.tensor("value")
        parts: list[tuple[str, Shape]] = []
        query_mask = self.query_mask(call)
        if query_mask is not None:
            parts.append(("query_mask", (*query_mask, 1)))
        for name in ("value", "key"):
            mask = _mask(call, name)
            if mask is not None:
                need_rank(mask, 1, least=True)
                parts.append((f"{name}_mask", (*mask[:-1], 1, mask[-1])))
        given = call.one("attention_mask")
        square = (1, query.shape[1], value.shape[1])
        causal = bool(call.options.get("use_causal_mask"))
        only_causal = causal and not parts and given is None and self.sliding_window is None
        if causal and not (only_causal and fused):
            parts.append(("use_causal_mask", square))
        if self.sliding_window is not None:
            parts.append(("sliding_window", square))
        if given is not None:
            if len(given.shape) == 2 and given.shape[0] is None:
                raise _misfit("attention_mask", given.shape, scores)
            parts.append(("attention_mask", given.shape))
        for name in _MASKS:
            tensor = call.one(name)
            if tensor is not None:
                need_kind(tensor, PLAIN, name, "a mask")
        return _need_mask_parts(parts, scores, attended)

    def projections(
        self, sizes: Sequence[tuple[str, tuple[int, ...], tuple[int, ...]]], call: Call
    ) -> Iterator[Weight]:
        """A kernel and a bias for each projection: its name, and the shapes of its input and output."""
        dtype = call.policy.variable
        for name, before, after in sizes:
            axes = tuple(range(len(before) + len(after)))
            fans = axes[: len(before)], axes[len(before) :]
            yield Weight(f"{name}/kernel", (*before, *after), dtype, initializer=self.kernel_initializer, fans=fans)
            if self.use_bias:
                yield Weight(f"{name}/bias", after, dtype, initializer=self.bias_initializer)


def _mask(call: Call, name: str) -> Shape | None:
    """The shape of a tensor's mask: the given one, else its own."""
    given, tensor = call.one(f"{name}_mask"), call.one(name)
    if given is not None:
        return given.shape
    return tensor.mask if tensor is not None else None


def _need_mask_parts(parts: list[tuple[str, Shape]], scores: Shape, attended: int) -> Shape | None:
    joined: Shape | None = None
    for name, shape in parts:
        before = joined
        joined = shape if joined is None else broadcast(joined, shape)
        if joined is None:
            raise _misfit(name, shape, before or ())
    if joined is None:
        return None
    missing = len(scores) - len(joined)
    blame = parts[-1][0]
    if missing < 0 or (missing > 0 and len(joined) < 2 * attended):
        raise _misfit(blame, joined, scores)
    at = len(joined) - 2 * attended
    if missing > 0:
        joined = (*joined[:at], *(1,) * missing, *joined[at:])
    if any(one not in (1, None, other) and other is not None for one, other in zip(joined, scores, strict=True)):
        raise _misfit(blame, joined, scores)
    return joined


def _misfit(name: str, mask: Shape, other: Shape) -> ShapeError:
    argument = name if name == "sliding_window" else None
    tensors = (name,) if name == "attention_mask" else None
    help = "a mask for the scores has the shape (batch, query positions, value positions)"
    if name == "attention_mask" and len(mask) == 2:
        help = "a mask of (batch, value positions) is a value_mask: write value_mask instead of attention_mask"
    return ShapeError(
        f"cannot apply the mask {show_shape(mask)} (with {name}) to {show_shape(other)}",
        argument=argument,
        tensors=tensors,
        help=help,
    )


_OutputShape = Annotated[
    PositiveInt | tuple[PositiveInt, ...],
    BeforeValidator(freeze),
    AS_LIST,
    TypeWords("a positive integer or a list of positive integers"),
]

_SELF_ATTENTION = "layers:\n  - {type: Input, name: x, shape: [5, 8]}\n  - {type: %s, from: {query: x, value: x}}\n"


_SCORES_HELP = (
    "make the scores an output of the model and go on from there outside of it, "
    "or give query and value the shape (batch, time, features) with the same time"
)


class MultiHeadAttention(_MultiHead):
    """Attention by several heads, each with its own projections."""

    shape_rule = "query (batch, ..., n) and value (batch, ..., m) -> (batch, ..., n or output_shape)"
    example = _SELF_ATTENTION % "MultiHeadAttention, num_heads: 2, key_dim: 4"

    num_heads: PositiveInt
    key_dim: PositiveInt
    value_dim: PositiveInt | None = None
    output_shape_: _OutputShape | None = Field(None, alias="output_shape")
    attention_axes: Annotated[Axes | None, AS_LIST] = None

    def saved(self) -> dict[str, Any]:
        """The size of the values, which is that of the keys unless it is given."""
        return {"value_dim": self._values()}

    def saved_call(self, call: Call) -> dict[str, Any]:
        """The axes that are attended over, by default all between the first and the last."""
        rank = len(call.tensor("query").shape)
        axes = range(1, rank - 1) if self.attention_axes is None else distinct_axes(self.attention_axes, rank)
        return {"attention_axes": list(axes)}

    def _values(self) -> int:
        return self.value_dim or self.key_dim

    def _last(self, query: Shape) -> tuple[int, ...]:
        """The output's axes that replace the query's last axis."""
        if isinstance(self.output_shape_, int):
            return (self.output_shape_,)
        return self.output_shape_ or (need_known(query, -1, "of its query to size a kernel"),)

    def query_mask(self, call: Call) -> Shape | None:
        """Keras replaces a given mask with the query's own."""
        return call.tensor("query").mask

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """The outputs; RuleError for inputs that do not fit together."""
        query, value, key = self.inputs(call)
        rank = len(value)
        if len(query) != rank:
            raise ShapeError(
                f"needs a query and a value of the same rank, got {show_shape(query)} and {show_shape(value)}",
                help="a Reshape layer can add or remove an axis",
                tensors=("query", "value"),
            )
        axes = tuple(range(1, rank - 1))
        if self.attention_axes is not None:
            axes = distinct_axes(self.attention_axes, rank, "attention_axes")
        fused = self.fused(call, query)
        if fused or call.options.get("return_attention_scores"):
            self.need_slow(call)
        if not axes and not fused:
            raise ShapeError(
                f"has no axis to attend over in a query of shape {show_shape(query)}",
                help="give each example a sequence: (batch, time, features)",
                tensors=("query",),
            )
        beside = tuple(axis for axis in range(rank - 1) if axis not in ((1,) if fused else axes))
        for name, other in (("value", value), ("key", key)):
            if not all(fits((query[axis],), (other[axis],)) for axis in beside):
                raise ShapeError(
                    f"needs a query and a {name} that are equal on the axes not attended over, "
                    f"got {show_shape(query)} and {show_shape(other)}",
                    argument="attention_axes" if self.attention_axes is not None else None,
                    help="attention_axes says over which axes to attend",
                    tensors=("query", name),
                )
        scores = self._scores(query, value, (1,) if fused else axes)
        hidden = self.need_masks(call, scores, len(axes), fused)
        output, *asked = self.outputs(
            call, (*query[:-1], *self._last(query)), scores, call.tensor("query").mask, hidden
        )
        told = (query[0], self.num_heads, query[1], query[1])  # whatever the value's length and the axes
        return (output, *(shown.but(told, _SCORES_HELP) for shown in asked))

    def _scores(self, query: Shape, value: Shape, attended: tuple[int, ...]) -> Shape:
        """The shape of the attention scores over these axes; ShapeError if TensorFlow cannot have so many."""
        heads = (*query[:-1], self.num_heads)  # axes as the projections have them
        sources = (*value[:-1], self.num_heads)
        batch = tuple(dim for axis, dim in enumerate(heads) if axis not in attended)
        scores = (*batch, *(heads[axis] for axis in attended), *(sources[axis] for axis in attended))
        if len(scores) > _MOST_AXES:
            raise ShapeError(
                f"has scores of {len(scores)} axes, and TensorFlow takes at most {_MOST_AXES}: all axes of the query but "
                "its last, the heads, and once more those attended over",
                argument="attention_axes" if self.attention_axes is not None else None,
                help="attend over fewer axes, with attention_axes, or put a Reshape to fewer axes before it",
                tensors=("query",),
            )
        return scores

    def weights(self, call: Call) -> Iterator[Weight]:
        """The weights, in Keras's order."""
        query, value, key = self.inputs(call)
        heads = self.num_heads
        into_query, into_key, into_value = (need_known(shape, -1, "") for shape in (query, key, value))
        sizes: list[tuple[str, tuple[int, ...], tuple[int, ...]]] = [
            ("query", (into_query,), (heads, self.key_dim)),
            ("key", (into_key,), (heads, self.key_dim)),
        ]
        if self.use_gate:
            sizes.append(("gate", (into_query,), (heads, self._values())))
        sizes.append(("value", (into_value,), (heads, self._values())))
        sizes.append(("attention_output", (heads, self._values()), self._last(query)))
        return self.projections(sizes, call)


class GroupQueryAttention(_MultiHead):
    """Attention by several heads, groups of which share the projections of key and value."""

    shape_rule = "query (batch, time, n) and value (batch, other_time, n) -> (batch, time, n)"
    example = _SELF_ATTENTION % "GroupQueryAttention, head_dim: 4, num_query_heads: 4, num_key_value_heads: 2"

    head_dim: PositiveInt
    num_query_heads: PositiveInt
    num_key_value_heads: PositiveInt

    def check(self) -> Iterator[Problem]:
        """What Keras's constructor refuses."""
        yield from super().check()
        if self.num_query_heads % self.num_key_value_heads:
            yield Problem(
                "argument-clash",
                f"num_query_heads must be a multiple of num_key_value_heads, "
                f"and {self.num_query_heads} is none of {self.num_key_value_heads}",
                ("num_query_heads",),
                "each head of key and value serves the same number of query heads",
            )

    def query_mask(self, call: Call) -> Shape | None:
        """The given mask, else the query's own."""
        return _mask(call, "query")

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """The outputs; RuleError for inputs that do not fit together."""
        query, value, key = self.inputs(call)
        for shape in (query, value):
            need_rank(shape, 3)
        if query[-1] != value[-1]:
            raise ShapeError(
                f"needs a query and a value with the same last axis, got {show_shape(query)} and {show_shape(value)}",
                help="put a Dense layer before one of them",
                tensors=("query", "value"),
            )
        for name, shape in (("value", value), ("key", key)):
            if not fits(query[:1], shape[:1]):
                raise ShapeError(
                    f"needs a query and a {name} with the same batch size, "
                    f"got {show_shape(query)} and {show_shape(shape)}",
                    tensors=("query", name),
                )
        self.need_slow(call)
        scores = (query[0], self.num_query_heads, query[1], key[1])
        hidden = self.need_masks(call, scores, 1, self.fused(call, query))
        return self.outputs(call, query, scores, call.tensor("query").mask, hidden)

    def weights(self, call: Call) -> Iterator[Weight]:
        """The weights, in Keras's order."""
        query, value, key = self.inputs(call)
        into_query, into_key, into_value = (need_known(shape, -1, "") for shape in (query, key, value))
        asking, answering = (self.num_query_heads, self.head_dim), (self.num_key_value_heads, self.head_dim)
        sizes: list[tuple[str, tuple[int, ...], tuple[int, ...]]] = [
            ("query", (into_query,), asking),
            ("key", (into_key,), answering),
        ]
        if self.use_gate:
            sizes.append(("gate", (into_query,), asking))
        sizes.append(("value", (into_value,), answering))
        sizes.append(("attention_output", asking, (into_query,)))
        return self.projections(sizes, call)
