"""The options of `specc build` about the weights that a model begins with."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from specc.cli.options import Choices
from specc.cli.terminal import printable

if TYPE_CHECKING:
    from specc.archive.weights.loading import Given


class Weights(Choices):
    """What the user chooses for a compilation, and the values of `weights_options`."""

    weights: tuple[str, ...]
    renamed: tuple[str, ...]
    partial: bool


def weights_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Which weights are loaded, and from where."""
    options = [
        click.option(
            "--weights",
            multiple=True,
            metavar="[NAME=]FILE",
            help="Load weights from a .keras or .weights.h5 file; with NAME, for that block or nested model. Can be repeated.",
        ),
        click.option(
            "--weights-map",
            "renamed",
            multiple=True,
            metavar="OLD=NEW",
            help="What a layer, or a block, of the file is called in the spec. Can be repeated.",
        ),
        click.option("--partial", is_flag=True, help="Load the weights that fit, and say which do not."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def given(choices: Weights) -> Given | None:
    """The weights to load; what has a "=" is a file if there is one of that name. UsageError."""
    weights, renamed = choices["weights"], [it.partition("=") for it in choices["renamed"]]
    if not weights:
        if renamed or choices["partial"]:
            option = "--weights-map" if renamed else "--partial"
            raise click.UsageError(f"{option} says how weights are loaded: give --weights FILE")
        return None
    for parts in renamed:
        if not parts[0] or not parts[2]:
            raise click.UsageError(f"--weights-map expects OLD=NEW, not {printable(''.join(parts))!r}")
    from specc.archive.weights.loading import Given

    files = [("", it) if "=" not in it or os.path.exists(it) else it.partition("=")[::2] for it in weights]
    for place, (name, path) in zip(weights, files, strict=True):
        if not path or (not name and place != path):
            raise click.UsageError(f"--weights expects FILE or NAME=FILE, not {printable(place)!r}")
    return Given(tuple(files), tuple((old, new) for old, _, new in renamed), choices["partial"])
