"""Equations of einsum as they are read, and the arithmetic of EinsumDense: the shapes of kernel, bias and output."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import prod
from typing import NamedTuple

from specc.diagnostics.problem import ShapeError
from specc.shapes import Dim, Shape, show_shape

FORMS = '"ab,bc->ac", "...ab,bc->...ac" or "ab...,bc->ac..."'
_TERM = re.compile(r"([a-zA-Z]*)(\.\.\.)?([a-zA-Z]*)")


class Term(NamedTuple):
    """The letters of one tensor, before and after the ``...``, which stands for further axes."""

    before: str
    elides: bool = False
    after: str = ""

    @property
    def letters(self) -> str:
        """All letters, in order."""
        return self.before + self.after

    def __str__(self) -> str:
        return f"{self.before}{'...' * self.elides}{self.after}"


class Subscripts(NamedTuple):
    """The terms of the inputs, before ``->``, and the term of the output after it, if given."""

    inputs: tuple[Term, ...]
    output: Term | None

    @classmethod
    def parse(cls, text: str) -> Subscripts | None:
        """
        >>> Subscripts.parse("...i,ij->...j")
        Subscripts(inputs=(Term(before='', elides=True, after='i'), Term(before='ij', elides=False, after='')), \
output=Term(before='', elides=True, after='j'))
        >>> Subscripts.parse("a b") is None
        True
        """
        inputs, arrow, output = text.partition("->")
        found = [_TERM.fullmatch(term) for term in (*inputs.split(","), *([output] if arrow else []))]
        terms = [Term(match[1], match[2] is not None, match[3]) for match in found if match is not None]
        if len(terms) < len(found):
            return None
        return cls(tuple(terms[:-1]), terms[-1]) if arrow else cls(tuple(terms), None)


class Equation(NamedTuple):
    """An equation of EinsumDense: labels, and on which side of them an ellipsis means further axes."""

    input: str
    kernel: str
    output: str
    elides: str = ""

    @classmethod
    def parse(cls, text: str) -> Equation | None:
        """
        >>> Equation.parse("...x,xy->...y")
        Equation(input='x', kernel='xy', output='y', elides='left')
        >>> Equation.parse("ab,bc") is None
        True
        """
        read = Subscripts.parse(text)
        if read is None or read.output is None or len(read.inputs) != 2:
            return None
        (of_input, kernel), output = read.inputs, read.output
        if kernel.elides or of_input.elides != output.elides:
            return None
        labels = of_input.letters, kernel.letters, output.letters
        if not all(labels):
            return None
        if not of_input.elides:
            return cls(*labels)
        if not of_input.before and not output.before:
            return cls(*labels, "left")
        if not of_input.after and not output.after and len(of_input.before) > 1:
            return cls(*labels, "right")
        return None

    def fans(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The axes of the kernel that are summed over, and those of the output.

        >>> Equation.parse("abcd,cde->abe").fans()
        ((0, 1), (2,))
        """
        axes = tuple(enumerate(self.kernel))
        summed = tuple(axis for axis, label in axes if label not in self.output)
        return summed, tuple(axis for axis, label in axes if label in self.output)

    def flaws(self) -> Iterator[str]:
        """The problems of the equation whatever the input, each as a predicate."""
        for letter in dict.fromkeys(self.output):
            if self.output.count(letter) > 1:
                yield f"has '{letter}' twice in its output"
            if letter not in self.input + self.kernel:
                yield f"has '{letter}' in its output, which is neither in its input nor in its kernel"
        for letter in dict.fromkeys(self.kernel):
            if letter not in self.input + self.output:
                yield f"has '{letter}' in its kernel, which is neither in its input nor in its output"


class Shapes(NamedTuple):
    """The shapes that an equation gives for an input; ``kernel`` and ``bias`` cannot be built with an unknown size."""

    kernel: Shape
    bias: Shape | None
    output: Shape


def shapes(equation: Equation, bias_axes: str | None, shape: Shape, output_shape: Shape) -> Shapes:
    """The shapes as Keras finds them. Keras: ``_analyze_einsum_string``.

    >>> shapes(Equation.parse("abc,cd->abd"), "d", (None, 5, 6), (None, 3))
    Shapes(kernel=(6, 3), bias=(3,), output=(None, None, 3))
    """
    elided = len(shape) - len(equation.input)
    if elided < 0 or (elided > 0 and not equation.elides):
        least = "at least " if equation.elides else ""
        raise ShapeError(
            f"needs an input of {least}{len(equation.input)} dimensions for its equation, "
            f"got {show_shape(shape)} with {len(shape)}",
            help="give the equation one letter for each axis, the batch axis included",
            argument="equation",
        )
    left = elided if equation.elides == "left" else 0
    output = _output(equation, shape, output_shape, elided)
    wanted = len(equation.output) + elided - len(_output(equation, shape, (), elided))
    if len(output_shape) != wanted:
        raise ShapeError(
            f"needs {wanted} sizes in output_shape for its equation, got {len(output_shape)}",
            help="give a size for each letter of the output but the batch axis, and none for an ellipsis",
            argument="output_shape",
        )
    sizes_in = {label: shape[left + place] for place, label in enumerate(equation.input)}
    sizes_out = {label: output[left + place] for place, label in enumerate(equation.output)}
    for label, size in sizes_in.items():
        said = sizes_out.get(label)
        if said is not None and said != size:
            found = "an unknown size" if size is None else size
            raise ShapeError(
                f"has {found} for '{label}' in its input and {said} in its output",
                help="put null in output_shape, or give that dimension a number in the Input's shape"
                if size is None
                else f"put {size} in output_shape, or null to take the input's size",
                argument="output_shape",
            )
    kernel = tuple(sizes_out[label] if label in sizes_out else sizes_in[label] for label in equation.kernel)
    return Shapes(kernel, _bias(equation, bias_axes, sizes_out, 0 if left else elided), output)


def _output(equation: Equation, shape: Shape, output_shape: Shape, elided: int) -> Shape:
    batch, rest = shape[:1], shape[1:]
    if equation.elides == "left":
        # Keras inserts the elided axes one by one after the batch axis, which reverses them.
        return (*batch, *reversed(rest[: max(elided - 1, 0)]), *output_shape)
    return (*batch, *output_shape, *(shape[len(shape) - elided :] if elided else ()))


def _bias(equation: Equation, axes: str | None, sizes: dict[str, Dim], trailing: int) -> Shape | None:
    if axes is None:
        return None
    first = min(equation.output.find(label) for label in axes)
    return (*(sizes[label] if label in axes else 1 for label in equation.output[first:]), *(1,) * trailing)


# -- Quantized -------------------------------------------------------------------------------------


def unquantized(equation: Equation, mode: str, lora: bool) -> Iterator[tuple[str, str]]:
    """Why Keras cannot quantize the kernel of an equation to int8 or int4, each as a predicate, and what to do."""
    if equation.elides:
        yield f"cannot have '...' with {mode}", "write a letter for each axis"
    elif mode == "int8" and _scale_labels(equation.input, equation) != _laid_out(equation.input, equation):
        yield "cannot be computed in int8: the scales of its input do not fit its output", "quantize to int4 or float8"
    last = equation.kernel[-1]
    if lora and (last != equation.output[-1] or last in equation.input):
        yield (
            f"cannot have LoRA with {mode}: its kernel and its output must end with one letter, not of its input",
            "remove lora_rank, or give the equation another order of letters",
        )


def as_matrix(equation: Equation, kernel: tuple[int, ...]) -> tuple[int, int]:
    """The shape in which int4 stores a kernel: the axes that are summed over, and the others.

    >>> as_matrix(Equation.parse("abcd,cde->abe"), (4, 5, 6))
    (20, 6)
    """
    sizes = dict(zip(equation.kernel, kernel, strict=True))
    rows = prod(size for label, size in sizes.items() if label not in equation.output)
    return rows, prod(kernel) // rows


def scale_shape(equation: Equation, kernel: tuple[int, ...]) -> tuple[int, ...]:
    """The shape of int8's scales, which is laid over the output's. Keras: ``_get_kernel_scale_shape``.

    >>> scale_shape(Equation.parse("abc,cde->abde"), (5, 4, 6))
    (1, 1, 4, 6)
    """
    sizes = dict(zip(equation.kernel, kernel, strict=True))
    return tuple(1 if label is None else sizes[label] for label in _scale_labels(equation.kernel, equation))


def _laid_out(labels: str, equation: Equation) -> list[str | None]:
    """The output's labels, None for those that are not among the given ones."""
    return [label if label in labels else None for label in equation.output]


def _scale_labels(labels: str, equation: Equation) -> list[str | None]:
    """The axes of the scales of a tensor with these labels, None for one of size 1. Keras: ``_analyze_quantization_info``."""
    summed = [place for place, label in enumerate(labels) if label not in equation.output]
    missing = [place for place, label in enumerate(equation.output) if label not in labels]
    order = [labels.index(label) for label in equation.output if label in labels]
    squeezed = []
    index = equation.output.find(equation.kernel[-1])  # Keras's variable has this value by then
    for axis in summed:
        if missing:
            index = missing.pop(0)
        else:
            squeezed.append(axis)
        order.insert(index, axis)
    found = [labels[axis] if labels[axis] in equation.output else None for axis in order]
    for place in missing:
        found.insert(place, None)
    for place in reversed(squeezed):
        del found[place]
    return found
