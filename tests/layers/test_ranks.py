"""What is made of a family of layers for each number of spatial axes."""

from typing import ClassVar

from specc.arguments import in_words
from specc.layers.ranks import OfRank, SizePerAxis


class _Halving(OfRank):
    shape_rule: ClassVar[str] = "(batch, {axis}, channels) -> (batch, {axis / size}, channels)"
    example: ClassVar[str] = "size: 2"

    size: SizePerAxis = (2,)
    offset: SizePerAxis | None = None
    length: SizePerAxis


class Halving1D(_Halving, rank=1):
    pass


class Halving2D(_Halving, rank=2, example="size: 4", length=(1, 3)):
    pass


def test_a_member_has_the_types_defaults_and_words_of_its_rank() -> None:
    one, two = Halving1D.model_fields, Halving2D.model_fields
    assert (in_words(one["size"]), one["size"].default) == ("a positive integer", 2)
    assert (in_words(two["size"]), two["size"].default) == (
        "a positive integer or a list of 2 positive integers",
        (2, 2),
    )
    assert in_words(two["offset"]) == "a positive integer or a list of 2 positive integers or null"
    assert one["length"].is_required()
    assert two["length"].default == (1, 3)
    assert Halving1D.shape_rule == "(batch, steps, channels) -> (batch, steps / size, channels)"
    assert Halving2D.shape_rule == "(batch, height, width, channels) -> (batch, height / size, width / size, channels)"
    assert Halving2D.example == (
        "layers:\n  - {type: Input, name: x, shape: [28, 28, 4]}\n  - {type: Halving2D, size: 4}\n"
    )


def test_a_member_takes_a_size_for_each_axis() -> None:
    layer, problems = Halving2D.parse({"size": [2, 3]})
    assert layer is not None, problems
    assert layer.spread(layer.size) == (2, 3)
    assert layer.spread(4) == (4, 4)
    _, (problem,) = Halving2D.parse({"size": [2, 3, 4]})
    assert problem.message == "size must be a positive integer or a list of 2 positive integers, not [2, 3, 4]"
