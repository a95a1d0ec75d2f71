"""Document to Spec: the document has the form of a spec. Nothing is expanded or looked up yet."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from specc.diagnostics import Report
from specc.diagnostics.problem import Path, about
from specc.diagnostics.text_safety import show
from specc.frontend.schema import BlockFile, Part, Spec
from specc.source import Document, Place

P = TypeVar("P", bound=Part)
_ONLY_IN_A_SPEC: set[Path] = {(name,) for name in Spec.model_fields.keys() - BlockFile.model_fields.keys()}


def parse(document: Document, report: Report) -> Spec | None:
    """The spec that a document holds, or None with everything that is wrong with its form reported."""
    return _parse(document, Spec, "the spec", report)


def parse_blocks(document: Document, report: Report) -> BlockFile | None:
    """The blocks that an included document holds, or None with what is wrong reported."""
    return _parse(document, BlockFile, "the included file", report)


def _parse(document: Document, cls: type[P], subject: str, report: Report) -> P | None:
    data = document.data
    if not isinstance(data, dict):
        what = "is empty" if data is None else f"must be a map, not {show(data)}"
        form = "it is a map with 'blocks'" if cls is BlockFile else "a spec is a map with 'layers', a list"
        report.error("invalid-value", f"{subject} {what}", Place(document, ()), help=form)
        return None
    part, problems = cls.parse(data)
    for problem in problems:
        message = (
            problem.message
            if len(problem.path) > 1 or problem.code == "invalid-value"
            else about(subject, problem.message)
        )
        help = problem.help
        if cls is BlockFile and problem.path in _ONLY_IN_A_SPEC:
            help = f"only the spec itself has '{problem.path[0]}'; an included file has blocks, and the vars and defaults they see"
        report.add(replace(problem, help=help), Place(document, problem.path, problem.part), message)
    return part
