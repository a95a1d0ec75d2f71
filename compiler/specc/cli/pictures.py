"""The options of the commands that draw: what a picture shows, and what it is made for."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

import click

from specc.backends.pictures.options import CHOICES, HIGHEST_DPI, LOWEST_DPI

if TYPE_CHECKING:
    from specc.backends.pictures.options import Chosen

_NAMES = (*CHOICES, "depth", "expand", "dpi")


class Levels(click.ParamType[Any]):
    """A number of levels, or all."""

    name = "levels"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The number, or "all"."""
        if value == "all" or isinstance(value, int):
            return value
        if value.isascii() and value.isdigit():
            return int(value)
        return self.fail(f"{value!r} is neither a number of levels, such as 0, nor all.", param, ctx)


class Command(click.Command):
    """A command that draws. ``--expand`` without a name, which once meant all, is answered with what to write."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The command line, parsed. UsageError if a name is missing."""
        given = list(args)
        for word, following in pairwise([*given, "-"]):
            if word == "--expand" and following.startswith("-"):
                raise _no_name(ctx)
        try:
            return super().parse_args(ctx, args)
        except click.MissingParameter:
            if any(os.path.isfile(name) for name in _after_expand(given)):  # the file was taken for the name
                raise _no_name(ctx) from None
            raise


def _after_expand(given: list[str]) -> list[str]:
    return [following for word, following in pairwise(given) if word == "--expand"]


def _no_name(ctx: click.Context) -> click.UsageError:
    return click.UsageError(
        "--expand takes the name of a block, an instance or a nested model: --expand encoder; "
        "to open everything, write --depth all",
        ctx,
    )


def _words(flag: str, default: str, help: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    choices = CHOICES[flag.removeprefix("--")]
    return click.option(flag, type=click.Choice(choices), help=f"{help}  [default: {default}]")


_OPTIONS = [
    _words("--direction", "down", "The direction of the arrows."),
    click.option(
        "--depth",
        type=Levels(),
        metavar="N",
        help="Open blocks and nested models to this depth: 0 for none, all for every one.  "
        "[default: as many as can be read]",
    ),
    click.option("--fold", is_flag=True, help="The same as --depth 0."),
    click.option(
        "--expand",
        multiple=True,
        metavar="NAME",
        help="Open a block, an instance or a nested model in any case. Can be repeated.",
    ),
    _words("--show", "brief", "brief: the arguments that shape the computation. all: every argument."),
    click.option(
        "--fit",
        type=click.Choice(CHOICES["fit"]),
        metavar="PLACE",
        help="Where it must be legible: in a column 8 cm wide, on a page, or on a slide: column, page, slide.  "
        "[default: column]",
    ),
    click.option(
        "--theme",
        type=click.Choice(CHOICES["theme"]),
        metavar="THEME",
        help="Its colors: auto (light or dark, as the reader's system is), light, dark, or paper (no color).  "
        "[default: auto]",
    ),
    click.option(
        "--dpi",
        type=click.IntRange(LOWEST_DPI, HIGHEST_DPI),
        metavar="N",
        help="The dots per inch of a .png in print.  [default: 300]",
    ),
]


def picture_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options of a picture; the command gets those that were given as ``picture``."""

    @wraps(command)
    def gathered(**values: Any) -> Any:
        picture = {name: values.pop(name) for name in _NAMES}
        if values.pop("fold"):
            if picture["depth"] not in (None, 0):
                raise click.UsageError("--fold is --depth 0; keep one of the two")
            picture["depth"] = 0
        return command(
            picture=cast("Chosen", {name: it for name, it in picture.items() if it not in (None, ())}), **values
        )

    for option in reversed(_OPTIONS):
        gathered = option(gathered)
    return gathered
