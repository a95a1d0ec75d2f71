"""The command line: arguments in, exit code out. It decides nothing about networks.

Exit code 0: done. 1: a spec has errors. 2: wrong usage, or a file that cannot be read or written. 3: a bug in specc.
Each command is a file here, and a line in `specc.cli.commands.COMMANDS`. It returns nothing: what stops it is raised,
and only `run` turns that into an exit code.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from contextlib import suppress

# pydantic looks for plugins by reading every installed package's metadata; specc has none.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

import click

from specc.cli.commands import group
from specc.cli.problems import BUG, DONE, INTERRUPTED, USAGE, FilesFailed, show
from specc.cli.terminal import printable


def main() -> None:
    """The ``specc`` command."""
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: nothing half-written stays
    gc.disable()  # a short run makes little garbage; collecting it takes a tenth of a cold check
    code = run(sys.argv[1:])
    # Everything is written by now. Tearing Python down takes another tenth, and seconds if TensorFlow is loaded.
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
        code = group.main(arguments, prog_name="specc", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else DONE  # click returns a code if it ends a command itself
    except FilesFailed as failed:  # their problems have been shown
        return failed.code
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
        # click exits if it meets a closed pipe.
        # The reader has gone: what is still buffered must not raise again when Python exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return USAGE
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        return _end(f"error: {printable(f'{error.strerror or error}{where}')}", USAGE)
    except Exception as error:
        return _stopped(error)


def _stopped(error: Exception) -> int:
    """Say what is wrong with a spec; any other error is a bug."""
    from specc.diagnostics import CompileError
    from specc.diagnostics.text_safety import shorten
    from specc.frontend.read import UnreadableError

    if isinstance(error, CompileError | UnreadableError):
        return show(error, "text", sys.stderr)
    if os.environ.get("SPECC_TRACEBACK"):
        raise error
    plugins = sys.modules.get("specc.plugins")
    if plugins is not None and (said := plugins.fault(error)) is not None:
        return _end(f"error: {shorten(printable(said), 300)}", USAGE)
    said = shorten(printable(f"{type(error).__name__}: {error}"), 300)
    return _end(f"this is a bug in specc, not in your spec: {said}\nset SPECC_TRACEBACK=1 to see where", BUG)


def _one_line(error: click.ClickException) -> str:
    """The message of a click error; for wrong usage also how to see the right one."""
    if not isinstance(error, click.UsageError) or error.ctx is None:
        return error.format_message()
    said = " ".join(error.format_message().split()).removesuffix(".")
    return f"{said}; for details run '{error.ctx.command_path} --help'"


def _end(message: str, code: int) -> int:
    with suppress(OSError):
        print(f"specc: {message}", file=sys.stderr)
    return code
