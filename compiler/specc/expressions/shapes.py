"""``shape(x)`` in an expression: the sizes of a tensor, some of which may not be known."""

from __future__ import annotations

import ast
from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any, NoReturn, Protocol

from specc.diagnostics import Related
from specc.diagnostics.codes import ErrorCode
from specc.diagnostics.text_safety import quote_value
from specc.expressions.errors import ExpressionError

HOW = "write shape(x), shape(x.port), or shape('my-name') for a name that is not a Python identifier"


class NoShapeError(Exception):
    """Why there is no shape, or no size of an axis.

    ``follows``: it follows from another error, and is only worth reporting if that is not found.
    """

    def __init__(
        self,
        code: ErrorCode,
        message: str,
        help: str | None = None,
        related: Sequence[Related] = (),
        *,
        follows: bool = False,
    ) -> None:
        super().__init__(message)
        self.code: ErrorCode = code
        self.help = help
        self.related = related
        self.follows = follows


class Answer(Protocol):
    """The shape of what a reference refers to."""

    shape: tuple[int | None, ...]

    def use(self, axis: int) -> None:
        """Take note that the size of an axis is used."""

    def unknown(self, axis: int) -> NoShapeError:
        """Why the size of an axis is not known."""


class Questions(Protocol):
    """What the expressions of a scope may ask. NoShapeError for what is not known."""

    def shape(self, reference: str) -> Answer:
        """The shape of what a reference refers to."""

    def count(self, name: str) -> int | None:
        """How many tensors an input of the block takes; None if it is not an input that takes several."""


class UnknownSize:
    """The size of an axis that is not known: equal to null, false, and an error where a number is needed."""

    def __init__(self, error: Callable[[], ExpressionError]) -> None:
        self._error = error

    def refuse(self, *_: object) -> NoReturn:
        """Raise the error of using the size."""
        raise self._error()

    def __eq__(self, other: object) -> bool:
        return other is None or isinstance(other, UnknownSize) or self.refuse()

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        return "null"

    __hash__ = None  # type: ignore[assignment]
    __lt__ = __le__ = __gt__ = __ge__ = __add__ = __radd__ = __mul__ = __rmul__ = refuse
    __abs__ = __ceil__ = __floor__ = __float__ = __index__ = __int__ = __round__ = __trunc__ = refuse


class ShapeCall:
    """One ``shape(...)``, with what its expression can do: compute a part, show its text, and make an error at it.

    ``local`` are the names after a ``for`` around it, which are not in ``values``.
    """

    def __init__(
        self,
        node: ast.Call,
        values: Mapping[str, Any],
        local: Container[str],
        value: Callable[[ast.expr], Any],
        text: Callable[[ast.expr], str],
        error: Callable[..., ExpressionError],
    ) -> None:
        self._node = node
        self._value = value
        self._text = text
        self._error = error
        self._values = values
        self._local = local
        self._reference, self._answer = self._ask()

    def rank(self) -> int:
        """How many axes there are."""
        return len(self._answer.shape)

    def sizes(self) -> list[Any]:
        """All sizes."""
        return [self._size(axis) for axis in range(self.rank())]

    def size(self, at: ast.expr, index: Any) -> Any:
        """The size of one axis, whose number is computed by the part ``at``."""
        rank = self.rank()
        if isinstance(index, UnknownSize):
            index.refuse()
        if isinstance(index, bool) or not isinstance(index, int):
            raise self._error(at, f"an axis is an integer, not {quote_value(index)}", "shape(x)[-1] is the last axis")
        if not -rank <= index < rank:
            axes = "is a scalar, without axes" if rank == 0 else "has 1 axis" if rank == 1 else f"has {rank} axes"
            message = f"'{self._reference}' {axes}: there is no axis {index}"
            raise self._error(
                at, message, f"axes go from 0 to {rank - 1}" if rank else "ask for a tensor that has axes"
            )
        return self._size(index % rank)

    def _size(self, axis: int) -> Any:
        size = self._answer.shape[axis]
        if size is None:
            return UnknownSize(lambda: self._refusal(self._answer.unknown(axis)))
        self._answer.use(axis)
        return size

    def _ask(self) -> tuple[str, Answer]:
        questions: Questions | None = getattr(self._values, "questions", None)
        if questions is None:
            message = "shape(...) is known in layer items and in the arguments of blocks only"
            raise self._error(
                self._node, message, "write the expression in the item that needs its value", "unknown-shape"
            )
        reference = self._named()
        try:
            try:
                return reference, questions.shape(reference)
            except NoShapeError as error:
                meant = self._values.get(reference) if error.code == "unknown-name" else None
                if not isinstance(meant, str):
                    raise
                return meant, questions.shape(meant)  # no item has the name, but a value
        except NoShapeError as error:
            raise self._refusal(error) from None

    def _refusal(self, error: NoShapeError) -> ExpressionError:
        return _refusal(self._node, error, self._error)

    def _named(self) -> str:
        """The reference: written as such, or a string."""
        if len(self._node.args) != 1 or self._node.keywords:
            raise self._error(self._node, "shape takes the name of one layer or block input", HOW)
        (argument,) = self._node.args
        if (written := self._written(argument)) is not None:
            return written
        value = self._value(argument)
        if not isinstance(value, str):
            raise self._error(argument, f"{quote_value(value)} is not the name of a layer or of a block input", HOW)
        return value

    def _written(self, node: ast.expr) -> str | None:
        """A reference that is written as a name, attributes and indices; None for another part of an expression.

        Such as the name after a ``for``, whose value is the reference.
        """
        if isinstance(node, ast.Name):
            return None if node.id in self._local else self._text(node)
        if isinstance(node, ast.Attribute) and (before := self._written(node.value)) is not None:
            return f"{before}.{node.attr}"
        if isinstance(node, ast.Subscript) and (before := self._written(node.value)) is not None:
            return f"{before}[{self._value(node.slice)}]"
        return None


def count_of(questions: Questions, node: ast.expr, name: str, error: Callable[..., ExpressionError]) -> int | None:
    """How many tensors a block's input takes, in ``len(skips)``; None if the name is not that of such an input."""
    try:
        return questions.count(name)
    except NoShapeError as found:
        raise _refusal(node, found, error) from None


def _refusal(node: ast.expr, why: NoShapeError, error: Callable[..., ExpressionError]) -> ExpressionError:
    found = error(node, str(why), why.help, why.code)
    found.related, found.follows = why.related, why.follows
    return found


def settled(value: Any) -> Any:
    """The value of an expression, with null for unknown sizes in lists. ExpressionError for an unknown size itself."""
    if isinstance(value, UnknownSize):
        value.refuse()
    return _with_nulls(value)


def _with_nulls(value: Any) -> Any:
    if isinstance(value, list):
        return [_with_nulls(part) for part in value]
    return None if isinstance(value, UnknownSize) else value
