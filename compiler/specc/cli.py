"""The command line: arguments in, exit code out. It decides nothing about networks.

Exit code 0: done. 1: a spec has errors. 2: wrong usage, or a file that cannot be read or written. 3: a bug in specc.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any

# Looking for plugins of pydantic reads every installed package's metadata; specc has none.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

import click
from click.shell_completion import CompletionItem

from specc import __version__

if TYPE_CHECKING:
    from specc.diagnostics import Diagnostic
    from specc.ir import TypedGraph
    from specc.pipeline import Spec

DONE, ERRORS, USAGE, BUG, INTERRUPTED = 0, 1, 2, 3, 130


def main() -> None:
    """The ``specc`` command."""
    gc.disable()  # a short run makes little garbage; to look for it takes a tenth of a cold check
    code = run(sys.argv[1:])
    # All is written by now. To take everything down takes another tenth, and seconds where TensorFlow is loaded.
    with suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    plugins = sys.modules.get("specc.plugins")
    if plugins is not None and plugins.files():  # they may have something to do at the end
        sys.exit(code)
    os._exit(code)


def run(arguments: list[str]) -> int:
    """Run a command line; returns the exit code and never raises."""
    try:
        code = cli.main(arguments, prog_name="specc", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else DONE
    except click.exceptions.Exit as exit:
        return exit.exit_code
    except click.ClickException as error:
        if not arguments:  # click's message is the help
            print(error.format_message(), file=sys.stderr)
            return USAGE
        return _end(f"error: {_one_line(error)}", USAGE)
    except (KeyboardInterrupt, click.exceptions.Abort):
        return _end("interrupted", INTERRUPTED)
    except (BrokenPipeError, SystemExit) as exit:
        if isinstance(exit, SystemExit) and not exit.code:  # the shell's completion is done
            return DONE
        # click exits where it meets a closed pipe.
        # The reader has gone: what is still buffered must not raise again when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return USAGE
    except OSError as error:
        from specc.diagnostics.text_safety import printable

        where = f": {error.filename}" if error.filename else ""
        return _end(f"error: {printable(f'{error.strerror or error}{where}')}", USAGE)
    except Exception as error:
        if os.environ.get("SPECC_TRACEBACK"):
            raise
        from specc.diagnostics.text_safety import printable, shorten

        said = shorten(printable(f"{type(error).__name__}: {error}"), 300)
        return _end(f"this is a bug in specc, not in your spec: {said}\nset SPECC_TRACEBACK=1 to see where", BUG)


def _one_line(error: click.ClickException) -> str:
    """What is wrong; of wrong usage that click finds, also where the right one is told."""
    if not isinstance(error, click.UsageError) or error.ctx is None:
        return error.format_message()
    said = " ".join(error.format_message().split()).removesuffix(".")
    return f"{said}; '{error.ctx.command_path} --help' tells more"


def _end(message: str, code: int) -> int:
    with suppress(OSError):
        print(f"specc: {message}", file=sys.stderr)
    return code


# -- Options that commands share -----------------------------------------------------------------


class _Types(click.ParamType[str]):
    """A layer type or an object of Keras, completed by the shell."""

    name = "type"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from specc.backends import type_pages

        return [CompletionItem(name) for name in type_pages.names() if name.lower().startswith(incomplete.lower())]


class _Codes(click.ParamType[str]):
    """An error code, completed by the shell."""

    name = "code"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from specc.diagnostics import pages

        return [CompletionItem(code) for code in pages.codes() if code.startswith(incomplete)]


_FILE = click.Path(allow_dash=True)
_PLUGINS = click.option(
    "--plugin",
    "plugins",
    multiple=True,
    metavar="MODULE",
    help="Import a module, or its file (./my_layers.py), that adds layer classes. Can be repeated.",
)


def _spec_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What every command that compiles a spec takes."""
    options = [
        click.option("--variant", metavar="NAME", help="Take the values of one of the spec's variants."),
        click.option(
            "--set",
            "values",
            multiple=True,
            metavar="NAME=VALUE",
            help="Give a var another value, typed as YAML. Can be repeated.",
        ),
        _PLUGINS,
        click.option("--strict", is_flag=True, help="Let warnings count as errors do."),
        click.option("-q", "--quiet", is_flag=True, help="Print only problems."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def _format_option(*choices: str, default: str = "text") -> Callable[..., Any]:
    return click.option(
        "--format",
        "format",
        type=click.Choice(choices),
        default=default,
        show_default=True,
        metavar="FORMAT",
        help=f"How to print it: {', '.join(choices)}.",
    )


def _output_options(formats: tuple[str, ...]) -> Callable[..., Any]:
    """Where the result goes, and what it is; the first format is the default."""

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        command = click.option(
            "--to",
            metavar="FORMAT",
            type=click.Choice(formats, case_sensitive=False),
            help=f"What to write, where no ending tells it: {', '.join(formats)}.",
        )(command)
        return click.option(
            "-o",
            "--output",
            metavar="OUT",
            type=click.Path(),
            help=f"Where to; the ending chooses what, and - is standard output.  [default: <name>.{formats[0]}]",
        )(command)

    return add


_FORM = click.option(
    "--form",
    type=click.Choice(["auto", "sequential", "functional"]),
    default="auto",
    show_default=True,
    metavar="FORM",
    help="functional: for a chain too. sequential: insist on a chain.",
)


_OTHER_COMMANDS = {
    "check": "validate verify lint test prove",
    "build": "compile convert export make save emit generate translate",
    "graph": "plot draw visualize visualise view picture diagram render image svg",
    "summary": "show print describe table info inspect params shapes",
    "explain": "why error errors code codes",
    "layers": "layer list types type ops",
    "schema": "jsonschema json-schema",
}
"""What other programs call what the commands do."""
_OF_KERAS = "train fit run predict evaluate serve load"


class _Commands(click.Group):
    """The commands; another word for one leads to it."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command of a command line. ClickException, with what to write instead, where there is none."""
        if (args[0].startswith("-") and args[0] != "-") or self.get_command(ctx, args[0]) is not None:
            return super().resolve_command(ctx, args)
        raise click.ClickException(_no_command(args[0], self.commands))


def _no_command(word: str, commands: Iterable[str]) -> str:
    from specc.diagnostics.suggest import nearest

    said = f"there is no command {_printable(word)!r}"
    key = word.lower()
    meant = next((name for name, words in _OTHER_COMMANDS.items() if key in words.split()), None)
    if meant is not None:
        return f"{said}; 'specc {meant}' does that"
    if key in _OF_KERAS.split():
        return f"{said}: Keras does that, with the model that 'specc build' writes or specc.build gives"
    if key == "help":
        return f"{said}; write specc --help, or specc build --help"
    if key == "version":
        return f"{said}; write specc --version"
    if word == "-" or os.path.exists(word):
        return f"{said}, and a command comes first: specc check {_printable(word)}"
    close = nearest(word, commands)
    return f"{said}; " + (f"did you mean '{close}'?" if close is not None else f"commands: {', '.join(commands)}")


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="specc")
def cli() -> None:
    """Compile a neural network written as a JSON or YAML spec.

    A spec lists layers and how they are wired. specc proves it sound without importing TensorFlow, and turns it into a
    Keras model, a picture, a table or Keras source.

    \b
      specc check model.yaml     is it sound?
      specc summary model.yaml   shapes, parameters
      specc graph model.yaml     the picture: model.svg
      specc build model.yaml     the Keras model: model.keras

    Every command takes - for standard input. Shell completion: eval "$(_SPECC_COMPLETE=bash_source specc)"
    (or zsh_source, fish_source).
    """


# -- Commands ------------------------------------------------------------------------------------


@cli.command()
@click.argument("files", nargs=-1, required=True, type=_FILE)
@click.option("--fix", is_flag=True, help="Make the fixes that are certain: shown first, then asked.")
@click.option("--yes", is_flag=True, help="With --fix: do not ask.")
@_spec_options
@_format_option("text", "json", "github")
def check(files: tuple[str, ...], format: str, fix: bool, yes: bool, **choices: Any) -> int:
    """Prove specs sound, without TensorFlow.

    Prints a line for each sound spec: its form, inputs, outputs, layers and parameters. For others it prints every
    error with its place, its cause and what to do; see 'specc explain CODE' for more. Of a folder it takes every .json,
    .yaml and .yml file, at any depth.
    """
    worst = DONE
    if fix and "-" in files:
        raise click.UsageError("standard input cannot be fixed; give a file")
    for file in _specs(files):
        with _problems(format, sys.stdout) as outcome:
            if fix:
                _fix(file, choices, yes)
            spec = _spec(file)
            if _is_block_file(file, spec):
                names = _check_blocks(spec, choices, format, sys.stdout)
                if format == "text" and not choices["quiet"]:
                    _say_blocks(file, names)
                continue
            graph = _compile(spec, choices, format, outcome, sys.stdout)
            if format == "text" and not choices["quiet"]:
                from specc.backends import summary

                _say(f"{_shown(file)}: {summary.one_line(graph)}")
        worst = max(worst, outcome.code)
    return worst


@cli.command()
@click.argument("file", type=_FILE)
@_output_options(("keras", "json", "py", "onnx", "savedmodel"))
@_FORM
@click.option("--seed", metavar="N", type=click.IntRange(0, 2**32 - 1), help="Make the weights reproducible.")
@click.option(
    "--weights",
    metavar="WEIGHTS",
    type=click.Path(dir_okay=False),
    help="Load initial weights from a .weights.h5 or .keras file.",
)
@click.option("--any-size", is_flag=True, help="Build even if the weights might not fit into memory.")
@_spec_options
def build(
    file: str,
    output: str | None,
    to: str | None,
    form: Any,
    seed: int | None,
    weights: str | None,
    any_size: bool,
    **choices: Any,
) -> int:
    """Emit the Keras model of a spec.

    \b
    The ending of OUT chooses what:
      .keras   the model with its weights (the default)
      .json    Keras's architecture JSON
      .py      readable Keras source, which needs no specc
      .onnx    ONNX, if onnx and tf2onnx are installed
      folder/  a TensorFlow SavedModel; also without the /
    """
    with _problems("text", sys.stderr) as outcome:
        graph = _compile(file, choices, "text", outcome)
        from specc.backends import emit

        gc.enable()  # Keras makes much garbage
        with _refusals():
            graph = graph.in_form(form)
            _say_written(
                emit.write(graph, output, to=to, seed=seed, weights=weights, any_size=any_size), choices["quiet"]
            )
    return outcome.code


@cli.command()
@click.argument("file", type=_FILE)
@_output_options(("svg", "png", "pdf", "dot", "mmd", "html"))
@click.option(
    "--direction",
    type=click.Choice(["down", "right"]),
    default="down",
    show_default=True,
    help="Where the graph flows to.",
)
@click.option(
    "--expand/--fold",
    default=None,
    help="Show block instances and nested models with their layers, or as one box each.  [default: one box each, from 60 layers on]",
)
@_FORM
@_spec_options
def graph(
    file: str, output: str | None, to: str | None, direction: str, expand: bool | None, form: Any, **choices: Any
) -> int:
    """Draw a spec.

    The picture shows layers, their main arguments and parameters, and the shapes between them. It needs no system Graphviz. The ending of OUT chooses the format: .svg (the default), .png, .pdf, .dot, .mmd (Mermaid),
    .html (a page to zoom in, offline).
    """
    with _problems("text", sys.stderr) as outcome:
        typed = _compile(file, choices, "text", outcome)
        from specc.backends import emit

        with _refusals():
            typed = typed.in_form(form)
            _say_written(emit.draw(typed, output, to=to, direction=direction, expand=expand), choices["quiet"])
    return outcome.code


@cli.command()
@click.argument("files", nargs=-1, required=True, type=_FILE)
@click.option("--expand", is_flag=True, help="Show the layers inside block instances and nested models too.")
@_FORM
@_spec_options
@_format_option("text", "json")
def summary(files: tuple[str, ...], expand: bool, form: Any, format: str, **choices: Any) -> int:
    """Show the layers of specs in a table.

    Each with its type, output shape, parameters and inputs. With --format json, one object per file on one line, block members and nested layers included.
    Of a folder it takes every .json, .yaml and .yml file, at any depth. Of a file that holds blocks only it names the blocks, with --format text.
    """
    worst = DONE
    for file in _specs(files):
        with _problems("text", sys.stderr) as outcome:
            spec = _spec(file)
            if _is_block_file(file, spec):
                names = _check_blocks(spec, choices, "text", sys.stderr)
                if format == "text" and not choices["quiet"]:
                    _say_blocks(file, names)
                continue
            typed = _compile(spec, choices, "text", outcome)
            from specc.backends import summary as backend

            with _refusals():
                typed = typed.in_form(form)
            if choices["quiet"]:
                pass
            elif format == "json":
                click.echo(backend.as_json(typed))
            else:
                click.echo(backend.as_text(typed, expand, _columns(sys.stdout)))
        worst = max(worst, outcome.code)
    return worst


@cli.command()
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    type=click.Path(dir_okay=False, allow_dash=True),
    help="Write it to a file that ends in .json.  [default: standard output]",
)
@_PLUGINS
def schema(output: str | None, plugins: tuple[str, ...]) -> None:
    """Print the JSON Schema of the language.

    It is for completion and checks in an editor. In VS Code: map it to your specs under json.schemas, or with the YAML extension under yaml.schemas; or begin a YAML spec
    with the line "# yaml-language-server: $schema=specc.schema.json".
    """
    from specc.backends import json_schema

    _load_plugins(plugins)
    text = json_schema.text()
    if output in (None, "-"):
        click.echo(text)
        return
    from specc.backends import emit, files

    with _refusals():
        emit.choose(output, None, ("json",), "specc.schema")
        _say_written(files.write_text(output, text + "\n"), quiet=False)


@cli.command()
@click.argument("code", type=_Codes(), required=False)
@_format_option("text", "json")
def explain(code: str | None, format: str) -> int:
    """Explain an error code, or list them.

    An explanation says what the error means and why it is one, with an example and the mend. With --format json, one object per code on one line.
    """
    import json

    from specc.diagnostics import pages
    from specc.diagnostics.suggest import did_you_mean

    wanted = pages.codes() if code is None else [code.removeprefix("error[").removeprefix("warning[").removesuffix("]")]
    if pages.page(wanted[0]) is None:
        hint = did_you_mean(wanted[0], pages.codes()) or _as_type(wanted[0]) or "'specc explain' lists the codes"
        raise click.ClickException(f"there is no error code {_printable(code or '')!r}; {hint}")
    if format == "json":
        for known in wanted:
            click.echo(json.dumps(pages.as_dict(known)))
    elif code is None:
        for known in wanted:
            _say(f"{known:24}  {pages.title(known)}")
    else:
        text = pages.page(wanted[0]) or ""
        _say(text if _columns(sys.stdout) is None else pages.flowing(text))
    return DONE


def _as_type(name: str) -> str | None:
    """Where a name is explained that is no error code: that of a layer or another object of Keras."""
    from specc.backends import type_pages

    meant = type_pages.today(name)
    if meant is not None:
        return f"{meant} is the layer that others call so: 'specc layers {meant}' describes it"
    return f"'specc layers {_printable(name)}' describes it" if type_pages.find(name) else None


@cli.command()
@click.argument("type", type=_Types(), required=False)
@_PLUGINS
@_format_option("text", "json")
def layers(type: str | None, plugins: tuple[str, ...], format: str) -> int:
    """List the layer types, or describe one.

    A description has the type's arguments, ports, shape rule and an example. The optimizers, losses, metrics, initializers, regularizers, constraints,
    activations and learning rate schedules are listed and described, too. With --format json, one object per type on one line.
    """
    import json

    from specc.backends import type_pages

    _load_plugins(plugins)
    if type is None and format == "text":
        _say(type_pages.overview())
        return DONE
    found = list(type_pages.entries()) if type is None else type_pages.find(type)
    if not found:
        raise click.ClickException(_printable(type_pages.unknown(type or "")))
    if format == "json":
        for entry in found:
            click.echo(json.dumps(type_pages.as_dict(entry)))
        return DONE
    _say("\n\n".join(type_pages.describe(entry, type or "") for entry in found))
    if type is not None and (meant := type_pages.today(type)) is not None:
        _say(f"\nThe layer that others call {_printable(type)} is {meant}: 'specc layers {meant}' describes it.")
    return DONE


# -- Reading and reporting -----------------------------------------------------------------------


class _Outcome:
    """What came of one file."""

    def __init__(self) -> None:
        self.code = DONE


@contextmanager
def _problems(format: str, stream: Any) -> Iterator[_Outcome]:
    """Print what stops a file, and set its exit code."""
    from specc.diagnostics import CompileError
    from specc.frontend.read import UnreadableError

    outcome = _Outcome()
    try:
        yield outcome
    except CompileError as error:
        _print(error.diagnostics, format, stream)
        outcome.code = ERRORS
    except UnreadableError as error:
        if format == "text":
            print(f"specc: {_printable(str(error))}", file=sys.stderr)
        else:
            _print([error.diagnostic()], format, stream)
        outcome.code = USAGE


def _print(diagnostics: list[Diagnostic], format: str, stream: Any) -> None:
    from importlib import import_module

    renderer = import_module(f"specc.diagnostics.{format}")
    if format == "text":
        color = stream.isatty() and "NO_COLOR" not in os.environ
        print(renderer.render(diagnostics, color=color, columns=_columns(stream)) + "\n", file=stream)
    elif diagnostics:
        print(renderer.render(diagnostics), file=stream)


def _compile(
    file: str | Spec, choices: dict[str, Any], format: str, outcome: _Outcome, stream: Any = None
) -> TypedGraph:
    from specc import pipeline
    from specc.diagnostics import CompileError

    _load_plugins(choices["plugins"])
    compiled = pipeline.compile(
        _spec(file) if isinstance(file, str) else file, choices["variant"], _values(choices["values"])
    )
    if compiled.warnings and choices["strict"]:
        raise CompileError(compiled.warnings)
    if compiled.warnings:
        _print(compiled.warnings, format, stream or sys.stderr)
    return compiled.graph


def _fix(file: str, choices: dict[str, Any], yes: bool) -> None:
    """Show the certain fixes of a file and make them, if that is wanted."""
    from specc import fixing
    from specc.passes.lower import Settings

    _load_plugins(choices["plugins"])
    fixed = fixing.fix_file(file, Settings(choices["variant"], _values(choices["values"])))
    if not fixed.count:
        return
    click.echo(fixed.diff(_printable(file)), err=True)
    if not yes and not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise click.UsageError("--fix asks before it writes; without a terminal add --yes")
    if yes or click.confirm(f"write {_printable(file)}?", err=True):
        fixing.write(file, fixed)
        click.echo(f"fixed {fixed.count} {'place' if fixed.count == 1 else 'places'} in {_printable(file)}", err=True)


def _is_block_file(file: str, spec: Spec) -> bool:
    """Whether a file holds blocks for others to include, and no layers."""
    from specc.frontend.folder import holds_blocks_only

    return file != "-" and holds_blocks_only(spec.document.data)


def _check_blocks(spec: Spec, choices: dict[str, Any], format: str, stream: Any) -> list[str]:
    """Prove a file of blocks; returns their names. Warnings go to the stream."""
    from specc import pipeline
    from specc.diagnostics import CompileError

    _load_plugins(choices["plugins"])
    names, warnings = pipeline.check_blocks(spec.document)
    if warnings and choices["strict"]:
        raise CompileError(warnings)
    if warnings:
        _print(warnings, format, stream)
    return names


def _say_blocks(file: str, names: list[str]) -> None:
    count = f"{len(names)} {'block' if len(names) == 1 else 'blocks'}"
    _say(f"{_shown(file)}: blocks, {count} ({', '.join(map(_printable, names))})")


def _specs(given: tuple[str, ...]) -> list[str]:
    """The files, and in the place of each folder those in it."""
    if not any(map(os.path.isdir, given)):
        return list(given)
    from specc.frontend.folder import specs_in
    from specc.frontend.foreign import of_folder

    found: list[str] = []
    for path in given:
        if os.path.isdir(path) and of_folder(path) is not None:
            found.append(path)  # reading it says what it is
            continue
        inside = specs_in(path) if os.path.isdir(path) else [path]
        if not inside:
            raise click.ClickException(f"{_shown(path)}: the folder has no specs (.json, .yaml or .yml files)")
        found += inside
    return found


def _spec(file: str) -> Spec:
    from specc.frontend.read import LARGEST_FILE, read_bytes
    from specc.pipeline import Spec

    if file != "-":
        return Spec.from_file(file)
    return Spec(read_bytes(sys.stdin.buffer.read(LARGEST_FILE + 1), "<stdin>"))


def _values(settings: tuple[str, ...]) -> dict[str, Any]:
    """The values of ``--set``, each read as YAML: documents, so that a message can show the option."""
    from specc.frontend.read import read_text

    values: dict[str, Any] = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        if not equals or not name.strip():
            raise click.ClickException(f"--set wants NAME=VALUE, not {_printable(setting)!r}")
        values[name.strip()] = read_text(text, f"--set {name.strip()}", "yaml")
    return values


def _load_plugins(named: tuple[str, ...]) -> None:
    from specc import plugins

    try:
        plugins.load([*plugins.configured(Path.cwd()), *named])
    except plugins.PluginError as error:
        raise click.ClickException(_printable(str(error))) from None


def _say(text: str) -> None:
    """Print a result, broken between words where a terminal shows it."""
    from specc.diagnostics.columns import fit

    click.echo(fit(text, _columns(sys.stdout)))


def _columns(stream: Any) -> int | None:
    """The width of the terminal that a stream is shown on; None where it goes elsewhere."""
    return get_terminal_size().columns if stream.isatty() else None


def _shown(file: str) -> str:
    """The name of a file that was read."""
    return "<stdin>" if file == "-" else _printable(file)


def _printable(text: str) -> str:
    from specc.diagnostics.text_safety import printable

    return printable(text)


@contextmanager
def _refusals() -> Iterator[None]:
    """What cannot be done with a sound spec: wrong usage, or a result that cannot be made."""
    try:
        yield
    except (ValueError, MemoryError) as error:
        raise click.ClickException(_printable(str(error))) from None


def _say_written(target: str, quiet: bool) -> None:
    """Name the file that was written; standard output holds the result alone."""
    if target != "-" and not quiet:
        click.echo(f"wrote {_printable(target)}")
