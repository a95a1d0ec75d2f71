"""What the layers over sequences, images and volumes share: axes that change their length, and a window that slides."""

from collections.abc import Iterable

from specc.diagnostics.problem import ShapeError
from specc.layers.accept import Unary
from specc.layers.ranks import OfRank
from specc.shapes import Dim, Shape, conv_length, need_rank, show_shape, spatial_axes


class Spatial(OfRank, Unary):
    """A layer over one, two or three spatial axes, with the batch axis first and the channels last (or second)."""

    takes_ragged = False
    passes_mask = False

    def channels_at(self) -> str | None:
        """Where the channels are; a layer over steps may have no ``data_format``."""
        found: str | None = getattr(self, "data_format", None)
        return found


def lengths(shape: Shape, rank: int, data_format: str | None = None) -> tuple[Dim, ...]:
    """The sizes of the spatial axes; ShapeError unless there are ``rank`` of them.

    >>> lengths((None, 3, 28, 32), 2, "channels_first")
    (28, 32)
    """
    need_rank(shape, rank + 2)
    axes, _ = spatial_axes(rank, data_format)
    return tuple(shape[axis] for axis in axes)


def resized(shape: Shape, new: Iterable[Dim], data_format: str | None = None, channels: int | None = None) -> Shape:
    """The shape with other lengths of its spatial axes and, if given, another number of channels.

    >>> resized((None, 28, 28, 3), (14, 14)), resized((None, 3, 28), (14,), "channels_first", 8)
    ((None, 14, 14, 3), (None, 8, 14))
    """
    _, axis = spatial_axes(len(shape) - 2, data_format)
    last = shape[axis] if channels is None else channels
    return (shape[0], last, *new) if data_format == "channels_first" else (shape[0], *new, last)


def slide(
    shape: Shape,
    window: tuple[int, ...],
    strides: tuple[int, ...],
    padding: str,
    *,
    data_format: str | None = None,
    dilation: tuple[int, ...] | None = None,
    channels: int | None = None,
    argument: str = "kernel_size",
) -> Shape:
    """The output's shape for a window that slides over the spatial axes. Keras: ``compute_conv_output_shape``.

    ShapeError if the window, whose size ``argument`` gives, is larger than the input.

    >>> slide((None, 28, 28, 3), (3, 3), (2, 2), "valid", channels=8)
    (None, 13, 13, 8)
    """
    rank = len(window)
    spread = dilation or (1,) * rank
    new = []
    for index, length in enumerate(lengths(shape, rank, data_format)):
        span = spread[index] * (window[index] - 1) + 1
        if padding == "valid" and length is not None and length < span:
            raise _too_large(shape, spatial_axes(rank, data_format)[0][index], window[index], span, argument)
        new.append(conv_length(length, window[index], strides[index], padding, spread[index]))
    return resized(shape, new, data_format, channels)


def _too_large(shape: Shape, axis: int, size: int, span: int, argument: str) -> ShapeError:
    spread = f", spread over {span} by dilation_rate," if span > size else ""
    smaller = f"{argument} or dilation_rate smaller" if span > size else f"{argument} {shape[axis]} or less"
    return ShapeError(
        f"cannot fit a {argument} of {size}{spread} on axis {axis} of {show_shape(shape)}",
        argument=argument,
        help=f'set padding to "same", or make {smaller}',
    )
