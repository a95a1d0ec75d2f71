"""The formats that a graph is written in: writing, the commands' help, errors and docs are all made from this table.

To add one, write the function that makes it, in its own module unless it is a few lines, and add its line here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NamedTuple


class Format(NamedTuple):
    """One format. Its writer is a function of this package, imported when it is used; its arguments depend on the kind.

    ========= =============================================== ============================================
    source    ``write(graph) -> str``                         from the graph alone
    model     ``write(built, path) -> None``                  `specc.backends.keras_model.Built`, and where to
    picture   ``write(drawn, options) -> str | bytes``        `specc.backends.pictures.options.Options`
    ========= =============================================== ============================================
    """

    name: str
    """Its name for ``--to``; for a file also the ending, unless ``extension`` says another."""
    kind: Literal["source", "model", "picture"]
    writer: str
    """``module:function``."""
    holds: str
    """What is written, in a user's words."""
    needs: tuple[str, ...] = ()
    """Packages that are installed with specc, by their import names."""
    optional: tuple[str, ...] = ()
    """Packages that are installed only with the extra of the format's name."""
    options: tuple[str, ...] = ()
    """Of a picture: the options that it follows; others are refused, as they would change nothing."""
    native: str = ""
    """Of a model: the function that writes most models without Keras, ``write(graph, path, seed, weights, say) -> None``. It raises
    `specc.archive.native.NotNative` for others."""
    extension: str = ""
    """The ending of its files, without the dot, if that is not the name."""
    is_text: bool = True
    is_shown: bool = False
    """Whether it goes to standard output if no target is given."""
    is_folder: bool = False

    @property
    def command(self) -> str:
        """The command that writes it."""
        return "graph" if self.kind == "picture" else "build"

    @property
    def ending(self) -> str:
        """The ending of its files; empty for a folder."""
        return "" if self.is_folder else f".{self.extension or self.name}"

    @property
    def keeps_weights(self) -> bool:
        """Whether it contains a model's weights."""
        return self.kind == "model" and not self.is_text

    def load(self) -> Callable[..., Any]:
        """The function that writes it. ValueError if a package that it needs is not installed."""
        from importlib.util import find_spec  # late, as the help of the commands reads this file
        from pkgutil import resolve_name

        missing = [package for package in self.needs + self.optional if find_spec(package) is None]
        if missing:
            install = f"'specc-keras[{self.name}]'" if self.optional else "specc-keras"
            raise ValueError(
                f"writing {self.holds} needs the package{'s' if len(missing) > 1 else ''} {' and '.join(missing)}: "
                f"pip install {install}"
            )
        writer: Callable[..., Any] = resolve_name(f"{__package__}.{self.writer}")
        return writer


_KERAS, _ENGINE = ("tensorflow",), ("py_mini_racer",)
_TYPESET = (*_ENGINE, "typst")
_BLOCKS = ("direction", "depth", "expand", "show")
_DRAWN = (*_BLOCKS, "fit", "theme")
_PIXELS = (*_DRAWN, "dpi")
FORMATS = (
    Format(
        "keras",
        "model",
        "keras_model:save",
        "the model with its weights",
        _KERAS,
        is_text=False,
        native="specc.archive.file:write",
    ),
    Format(
        "json",
        "model",
        "keras_model:save_architecture",
        "Keras's architecture JSON",
        _KERAS,
        native="specc.archive.file:write_architecture",
    ),
    Format("py", "source", "python.source:source", "readable Keras source, which needs no specc"),
    Format("onnx", "model", "onnx_model:save", "ONNX", _KERAS, ("onnx", "tf2onnx"), is_text=False),
    Format("savedmodel", "model", "saved_model:save", "a TensorFlow SavedModel", _KERAS, is_text=False, is_folder=True),
    Format("svg", "picture", "pictures.render:svg", "a picture that scales", _ENGINE, options=_DRAWN),
    Format("png", "picture", "pictures.render:png", "a picture of pixels", _TYPESET, options=_PIXELS, is_text=False),
    Format("pdf", "picture", "pictures.render:pdf", "a picture to print", _TYPESET, options=_DRAWN, is_text=False),
    Format("dot", "picture", "pictures.texts.dot:dot", "Graphviz's DOT text", options=_BLOCKS),
    Format(
        "mmd", "picture", "pictures.texts.mermaid:mermaid", "a Mermaid flowchart, for Markdown pages", options=_BLOCKS
    ),
    Format(
        "text",
        "picture",
        "pictures.texts.text:text",
        "a chart, in the terminal unless OUT is given",
        options=("depth", "expand", "show", "broken"),
        extension="txt",
        is_shown=True,
    ),
    Format(
        "html",
        "picture",
        "pictures.html:html",
        "a page to unfold and search, offline",
        options=(*_BLOCKS, "theme"),
    ),
)
"""The formats of each command, in the order in which they are shown; the first is its default."""


def written_by(command: str) -> tuple[Format, ...]:
    """The formats that a command writes."""
    return tuple(format for format in FORMATS if format.command == command)


def named(name: str) -> Format:
    """The format of a name. ValueError for another name."""
    for format in FORMATS:
        if format.name == name:
            return format
    raise ValueError(f"unknown format {name!r}; formats: {', '.join(format.name for format in FORMATS)}")


def listed(formats: tuple[Format, ...]) -> list[str]:
    """A line for each format, for a command's help."""
    targets = ["folder/" if format.is_folder else format.ending for format in formats]
    width = max(map(len, targets))
    return [
        f"{target:{width}}  {_described(it, it is formats[0])}" for target, it in zip(targets, formats, strict=True)
    ]


def table() -> str:
    """All formats as a Markdown table, for the docs."""
    rows = ["| ending | `--to` | command | holds | needs |", "|---|---|---|---|---|"]
    for it in FORMATS:
        ending = "none: a folder" if it.is_folder else f"`{it.ending}`"
        needs = ", ".join(f"`{package}`" for package in it.needs + it.optional)
        extra = f" (extra `{it.name}`)" if it.optional else ""
        rows.append(f"| {ending} | `{it.name}` | `specc {it.command}` | {it.holds} | {needs}{extra} |")
    return "\n".join(rows) + "\n"


def _described(format: Format, is_default: bool) -> str:
    said = format.holds
    if format.optional:
        said += f", if {' and '.join(format.optional)} are installed"
    return said + ("; also without the /" if format.is_folder else "") + (" (the default)" if is_default else "")
