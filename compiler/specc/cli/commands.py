"""The commands by name, each imported when it is used; synonyms lead to them."""

from __future__ import annotations

import os
from importlib import import_module

import click

from specc import __version__
from specc.cli.terminal import printable

COMMANDS = {
    "check": "validate verify lint test prove",
    "build": "compile convert export make save emit generate translate",
    "graph": "plot draw visualize visualise picture diagram render image svg",
    "import": "read load decompile reverse from",
    "view": "watch open browse preview",
    "summary": "show print describe table info inspect params shapes",
    "schema": "jsonschema json-schema",
    "explain": "why error errors code codes",
    "layers": "layer list types type ops",
}
"""Each command is the ``command`` of the file of its name in this folder; next to it, what other programs call it."""
_OF_KERAS = "train fit run predict evaluate serve"


class _Commands(click.Group):
    """The commands; an unknown word is answered with what to write instead."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands, as the help lists them."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"specc.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of a command line. ClickException, with what to write instead, if there is none."""
        if (args[0].startswith("-") and args[0] != "-") or args[0] in COMMANDS:
            return super().resolve_command(ctx, args)
        raise click.ClickException(_no_command(args[0]))


def _no_command(word: str) -> str:
    from specc.diagnostics.suggest import nearest

    said = f"there is no command {printable(word)!r}"
    key = word.lower()
    meant = next((name for name, words in COMMANDS.items() if key in words.split()), None)
    if meant is not None:
        return f"{said}; 'specc {meant}' does that"
    if key in _OF_KERAS.split():
        return f"{said}: Keras does that, with the model that 'specc build' writes or specc.build gives"
    if key == "help":
        return f"{said}; write specc --help, or specc build --help"
    if key == "version":
        return f"{said}; write specc --version"
    if word == "-" or os.path.exists(word):
        return f"{said}, and a command comes first: specc check {printable(word)}"
    close = nearest(word, COMMANDS)
    return f"{said}; " + (f"did you mean '{close}'?" if close is not None else f"commands: {', '.join(COMMANDS)}")


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="specc")
def group() -> None:
    """Compile a neural network written as a JSON or YAML spec.

    A spec lists layers and how they are connected. specc checks it without importing TensorFlow, and turns it into a
    Keras model, a picture, a table or Keras source.

    \b
      specc check model.yaml     find its errors
      specc summary model.yaml   list layers and shapes
      specc graph model.yaml     draw model.svg
      specc view model.yaml      show it while you edit it
      specc build model.yaml     write model.keras
      specc import model.keras   write its spec

    Commands that read a spec take - for standard input. Shell completion: eval "$(_SPECC_COMPLETE=bash_source specc)"
    (or zsh_source, fish_source).
    """
