"""Attention: each position of a query gathers from the positions of a value."""

from collections.abc import Iterator
from typing import Any, Literal

from specc.arguments import (
    Fraction,
    Integer,
)
from specc.diagnostics.problem import DTypeError, Problem, RuleError, ShapeError
from specc.layers.accept import PLAIN, kind, mask_covers, need_dense, need_kind
from specc.layers.attention_roles import ROLES
from specc.layers.base import Argument, Call, Layer, Operate, Weight, training_failure
from specc.shapes import Shape, Tensor, broadcast, fits, need_known, need_rank, show_shape

_OPTIONS: dict[str, Any] = {"return_attention_scores": bool, "training": bool | None, "use_causal_mask": bool}


class AnyAttention(Layer):
    """What all attention layers share: the port of the scores."""

    options = _OPTIONS
    port_options = {"scores": "return_attention_scores"}

    @classmethod
    def tensors_in_list(cls) -> tuple[str, ...]:
        """Query, value and key."""
        return ROLES

    def ports(self, options: dict[str, Any]) -> tuple[str, ...]:
        """The output and, if requested, the scores."""
        return ("output", "scores") if options.get("return_attention_scores") else ("output",)

    def outputs(
        self, call: Call, output: Shape, scores: Shape, mask: Shape | None, hidden: Shape | None = None
    ) -> tuple[Tensor, ...]:
        """The output with its mask and, if requested, the scores with the mask ``hidden``."""
        first = Tensor(output, call.policy.compute, mask=mask)
        if call.options.get("return_attention_scores"):
            return first, Tensor(scores, call.policy.compute, mask=hidden)
        return (first,)


_LIST_EXAMPLE = (
    "layers:\n"
    "  - {type: Input, name: query, shape: [5, 8]}\n"
    "  - {type: Input, name: value, shape: [7, 8]}\n"
    "  - {type: %s, from: [query, value]}\n"
)


class _Plain(AnyAttention):
    """What Attention and AdditiveAttention share; they take a list of query, value and optionally key."""

    tensors = (
        Argument("inputs", many=True, least=2, most=3),
        Argument("mask", required=False, many=True, least=2, most=3),
    )
    shape_rule = "[(batch, time, n), (batch, other_time, m)] -> (batch, time, m)"

    def sums(self) -> bool:
        """Whether scores come from sums of query and key instead of products."""
        raise NotImplementedError

    def scaled(self) -> bool:
        """Whether a weight turns the scores into floats."""
        raise NotImplementedError

    def drops(self) -> bool:
        """Whether scores are dropped in training."""
        raise NotImplementedError

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        inputs = call.many("inputs")
        if len(inputs) not in (2, 3):
            raise ShapeError(
                f"needs 2 or 3 inputs, got {len(inputs)}", help="give [query, value] or [query, value, key]"
            )
        takes_ragged = self._takes_ragged(call)
        for tensor in inputs:
            need_kind(tensor, PLAIN)
            need_dense(tensor, ragged=takes_ragged)
            need_rank(tensor.shape, 2, least=True)
            if len(tensor.shape) == 2:  # Keras runs it: each example's output then depends on the others of its batch
                raise ShapeError(
                    f"would attend over the batch in an input of shape {show_shape(tensor.shape)}",
                    help="give each example a sequence: (batch, time, features)",
                )
        query, value = inputs[:2]
        key = inputs[-1] if len(inputs) == 3 else value
        ragged = query.ragged or value.ragged
        if ragged and self.drops() and call.options.get("training"):
            raise RuleError(
                "cannot drop scores of ragged tensors",
                argument="dropout",
                code="dtype-mismatch",
                help="remove dropout, or 'ragged' from the Input and pad the rows",
            )
        self._need_dtypes(query.dtype, key.dtype)
        scores = self._scores(query.shape, value.shape, key.shape)
        self._need_masks(call, scores)
        output = (*query.shape[:-1], value.shape[-1])
        shown = (*query.shape[:-1], key.shape[-2])
        return tuple(
            tensor._replace(ragged=ragged) for tensor in self.outputs(call, output, shown, self._masks(call)[0])
        )

    def scratch(self, call: Call) -> int:
        """The scores; where they are sums, those of each feature."""
        query, value = call.many("inputs")[:2]
        features = query.shape[-1:] if self.sums() else ()
        return Tensor((*query.shape[:-1], value.shape[-2], *features)).bytes or 0

    def cautions(self, call: Call) -> Iterator[Problem]:
        """Ragged tensors, which it accepts in ``predict`` only."""
        if self.drops() and any(tensor.ragged for tensor in call.many("inputs")):
            yield from training_failure(self, call)

    def _takes_ragged(self, call: Call) -> bool:
        """Whether TensorFlow can compute scores of ragged tensors: by sums, or for a ragged query with dense values."""
        query, value = call.many("inputs")[:2]
        key = call.many("inputs")[-1]
        if len(query.shape) != 3 or value.ragged != key.ragged or (value.ragged and not self.sums()):
            return False
        masked = call.many("mask") or any(mask is not None for mask in self._masks(call))
        return not masked and not call.options.get("use_causal_mask")

    def _need_dtypes(self, query: str, key: str) -> None:
        if self.sums() and (query != key or query == "bool"):
            raise DTypeError(
                f"cannot add a query of {query} and a key of {key}", help="give both Inputs the same float dtype"
            )
        if not self.sums() and not self.scaled() and "float" not in (kind(query), kind(key)):
            raise DTypeError(
                f"needs a query or a key of floats, got {query} and {key}", help="give the Input a float dtype"
            )

    def _scores(self, query: Shape, value: Shape, key: Shape) -> Shape:
        """The shape of the scores; ShapeError for inputs that do not fit together."""
        same = broadcast(query[-1:], key[-1:]) is not None if self.sums() else fits(query[-1:], key[-1:])
        if not same:
            raise ShapeError(
                f"needs a query and a key with the same last axis, got {show_shape(query)} and {show_shape(key)}",
                help="put a Dense layer before one of them",
            )
        if not fits(value[-2:-1], key[-2:-1]):
            raise ShapeError(
                f"needs a value and a key of the same length, got {show_shape(value)} and {show_shape(key)}",
                help="remove the key, and the value is the key too",
            )
        batch = broadcast(query[:-2], key[:-2])
        whole = None if batch is None else broadcast(batch, value[:-2])
        if (
            batch is None or whole is None or not fits(whole, query[:-2])
        ):  # Keras announces the query's and returns the whole
            shapes = ", ".join(map(show_shape, dict.fromkeys((query, value, key))))
            raise ShapeError(
                f"needs inputs that are equal on the axes before the last two, got {shapes}",
                help="give each the shape (batch, time, features)",
            )
        return (*batch, query[-2], key[-2])

    def symbolic_mask(self, inputs: Any, mask: Any, operate: Operate) -> Any:
        """That of the query."""
        return operate("ops.convert_to_tensor", {"x": mask[0]})

    def _masks(self, call: Call) -> tuple[Shape | None, Shape | None]:
        """The masks of query and value: given ones, else those of the tensors."""
        given = call.many("mask")
        if given:
            if len(given) not in (2, 3):
                raise ShapeError(
                    f"needs 2 or 3 masks, got {len(given)}", help="give [query_mask, value_mask]", tensors=("mask",)
                )
            for mask in given:
                need_kind(mask, PLAIN, "mask")
            return given[0].shape, given[1].shape
        query, value = call.many("inputs")[:2]
        return query.mask, value.mask

    def _need_masks(self, call: Call, scores: Shape) -> None:
        query_mask, value_mask = self._masks(call)
        mask = value_mask
        if call.options.get("use_causal_mask"):
            square: Shape = (1, *scores[-2:])
            before = None if value_mask is None else (*value_mask[:-1], 1, *value_mask[-1:])
            mask = square if before is None else broadcast(before, square)
            if mask is None:
                raise _no_mask(before or (), square)
        if mask is not None:
            if len(mask) == 2:
                mask = (mask[0], 1, mask[1])
            shifted = len(mask) < len(scores) and mask[0] is None  # its batch axis would be aligned with another axis
            if len(mask) > len(scores) or shifted or not mask_covers(mask, scores):
                raise _no_mask(mask, scores)
        if query_mask is not None and not mask_covers((*query_mask, 1), (*scores[:-1], None)):
            raise _no_mask(query_mask, scores[:-1])


def _no_mask(mask: Shape, other: Shape) -> ShapeError:
    return ShapeError(
        f"cannot apply the mask {show_shape(mask)} to {show_shape(other)}",
        help="the masks have the shapes of query and value without the last axis",
    )


class Attention(_Plain):
    """Attention by products of query and key (Luong's)."""

    example = _LIST_EXAMPLE % "Attention"

    use_scale: bool = False
    score_mode: Literal["dot", "concat"] = "dot"
    dropout: Fraction = 0.0
    seed: Integer | None = None

    def sums(self) -> bool:
        """Whether scores come from sums."""
        return self.score_mode == "concat"

    def scaled(self) -> bool:
        """Whether a weight scales the scores."""
        return self.use_scale

    def drops(self) -> bool:
        """Whether ``dropout`` is more than 0."""
        return self.dropout > 0

    def weights(self, call: Call) -> Iterator[Weight]:
        """The weights, in Keras's order."""
        dtype = call.policy.variable
        if self.use_scale:
            yield Weight("scale", (), dtype, initializer="ones")
        if self.score_mode == "concat":
            yield Weight("concat_score_weight", (), dtype, initializer="ones")


class AdditiveAttention(_Plain):
    """Attention by a nonlinear sum of query and key (Bahdanau's)."""

    example = _LIST_EXAMPLE % "AdditiveAttention"

    use_scale: bool = True
    dropout: Fraction = 0.0
    seed: Integer | None = None

    def sums(self) -> bool:
        """Whether scores come from sums."""
        return True

    def scaled(self) -> bool:
        """Whether a weight scales the scores."""
        return self.use_scale

    def drops(self) -> bool:
        """Whether ``dropout`` is more than 0."""
        return self.dropout > 0

    def infer(self, call: Call) -> tuple[Tensor, ...]:
        """The outputs; RuleError for inputs that do not fit together."""
        if self.use_scale and call.shape:
            need_known(call.shape, -1, "of its query to size its scale")
        return super().infer(call)

    def weights(self, call: Call) -> Iterator[Weight]:
        """The weights, in Keras's order."""
        if self.use_scale:
            size = need_known(call.shape, -1, "of its query to size its scale")
            yield Weight("scale", (size,), call.policy.variable, initializer="glorot_uniform")
