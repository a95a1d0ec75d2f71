"""Diagnostics for the tests of the renderers, made of a text and the places in it."""

from __future__ import annotations

from specc.diagnostics import Diagnostic, Related, Severity
from specc.source import Document, Place, Source, Span


def document(text: str, name: str = "spec.yaml", **spans: tuple[int, int, int, int]) -> Document:
    """A document whose paths of one key are at the given spans."""
    return Document(Source(name, text), None, lambda path, part: Span(*spans[str(path[0])]))


def diagnostic(
    where: Document,
    key: str,
    message: str = "it is wrong",
    *,
    help: str | None = None,
    related: tuple[tuple[str, Document, str], ...] = (),
    severity: Severity = "error",
    within: tuple[int, int] | None = None,
) -> Diagnostic:
    places = tuple(Related(said, Place(there, (other,))) for said, there, other in related)
    return Diagnostic(
        "some-code",  # type: ignore[arg-type]
        message,
        Place(where, (key,), "value", within),
        help,
        places,
        severity,
    )
