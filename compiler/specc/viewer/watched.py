"""A spec that is watched: its picture, as far as it can be drawn, and what is wrong with it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from specc import pipeline
from specc.backends.pictures.drawn import Drawn
from specc.backends.pictures.html import page_data
from specc.backends.pictures.options import DEFAULT, Options
from specc.diagnostics import CompileError, Diagnostic
from specc.diagnostics.text import render
from specc.diagnostics.text_safety import printable
from specc.frontend.read import UnreadableError

WIDTH = 110
"""Characters of a line of an error."""
ENDINGS = (".json", ".yaml", ".yml")

Shown = Literal["all", "known", "last"]
"""What a page's picture is: the spec, what is known of a spec with errors, or the last one that could be drawn."""

_EMPTY = {"title": "", "caption": "", "members": [], "wires": []}


@dataclass
class Watched:
    """One spec. `update` compiles it again; all else is what that gave."""

    file: str
    """As the user wrote it."""
    name: str
    """Its part of an address; unique among the specs of a server."""
    variant: str | None = None
    values: Mapping[str, Any] | None = None
    options: Options = DEFAULT
    strict: bool = False
    """Whether warnings count as errors."""
    root: str | None = None
    """The folder that included files must be in, if the user names one."""
    data: dict[str, Any] = field(init=False)
    """What the page shows, as `page_data` gives it, with the ``version``: 0 while nothing could be drawn."""
    problems: dict[str, Any] = field(init=False)
    """``text``: errors and warnings as `specc check` prints them; ``errors`` and ``warnings``: how many."""
    shown: Shown = field(init=False)
    files: frozenset[str] = frozenset()
    """All that it is made from, as absolute paths."""

    def __post_init__(self) -> None:
        options: dict[str, Any] = {
            "direction": self.options.direction,
            "depth": None,
            "expand": [],
            "show": "brief",
            "theme": "auto",
        }
        scene = {**_EMPTY, "title": os.path.basename(self.file)}
        self.data = {"scene": scene, "stacked": scene, "options": options, "version": 0}
        self.data["details"] = {"cards": {}, "defaults": {}}
        self.update()

    @property
    def folders(self) -> set[str]:
        """The folders that the files are in: an editor replaces a file rather than writing into it."""
        return {os.path.dirname(file) for file in self.files}

    def concerns(self, path: str) -> bool:
        """Whether a change of a file may change the picture; while there are errors, a file that is missing may appear."""
        if path in self.files or path in self.folders:
            return True
        return bool(self.problems["errors"]) and path.endswith(ENDINGS)

    def update(self) -> None:
        """Compile the spec as it is now. Never raises: what is wrong becomes `problems`."""
        self.files = self.files | {os.path.abspath(self.file)}
        try:
            self._compile()
        except CompileError as error:  # the text is neither JSON nor YAML
            self._stop(_problems(error.diagnostics, self.strict))
        except UnreadableError as error:
            self._stop({"text": printable(str(error)), "errors": 1, "warnings": 0})
        except Exception as error:  # a bug must not end the server, and must be seen
            said = f"this is a bug in specc, not in your spec: {printable(f'{type(error).__name__}: {error}')}"
            self._stop({"text": said, "errors": 1, "warnings": 0})

    def _compile(self) -> None:
        spec = pipeline.Spec.from_file(self.file, self.root)
        self.files = self.files.union(_included(spec.document.data, self.file))
        found = pipeline.attempt(spec, self.variant, self.values)
        problems = _problems(found.diagnostics, self.strict)
        if found.graph is not None:
            self.files = frozenset({os.path.abspath(self.file), *found.graph.graph.files})
            self._show(found.graph, problems, "all")
        elif found.sketch is not None:
            self._show(found.sketch, problems, "known")
        else:
            self._stop(problems)

    def _show(self, drawn: Drawn, problems: dict[str, Any], shown: Shown) -> None:
        self.data = {**page_data(drawn, self.options), "version": self.data["version"] + 1}
        self.problems, self.shown = problems, shown

    def _stop(self, problems: dict[str, Any]) -> None:
        self.problems, self.shown = problems, "last"

    def state(self) -> dict[str, Any]:
        """What a page is told when something changes: the version that it should show, and the problems."""
        return {"version": self.data["version"], "shown": self.shown, "problems": self.problems}


def watched_of(
    files: Iterable[str],
    variant: str | None = None,
    values: Mapping[str, Any] | None = None,
    *,
    strict: bool = False,
    root: str | None = None,
) -> list[Watched]:
    """A `Watched` for each file, named after it."""
    found: dict[str, Watched] = {}
    for file in files:
        stem = "".join(it if it.isalnum() or it in "._-" else "_" for it in os.path.splitext(os.path.basename(file))[0])
        name, number = stem, 1
        while name in found:
            number += 1
            name = f"{stem}-{number}"
        found[name] = Watched(file, name, variant, values, strict=strict, root=root)
    return list(found.values())


def _problems(diagnostics: list[Diagnostic], strict: bool) -> dict[str, Any]:
    errors = sum(strict or it.severity == "error" for it in diagnostics)
    text = render(diagnostics, columns=WIDTH) if diagnostics else ""
    return {"text": text, "errors": errors, "warnings": len(diagnostics) - errors}


def _included(data: Any, file: str) -> list[str]:
    """The files that a spec names, even if it cannot be compiled."""
    named = data.get("include") if isinstance(data, dict) else None
    names = [named] if isinstance(named, str) else named if isinstance(named, list) else []
    folder = os.path.dirname(os.path.abspath(file))
    return [os.path.normpath(os.path.join(folder, it)) for it in names if isinstance(it, str)]
