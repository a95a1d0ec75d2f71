"""Diagnostics for a program: one JSON object per line."""

from __future__ import annotations

import json
from collections.abc import Iterable

from specc.diagnostics.diagnostic import Diagnostic
from specc.diagnostics.text import in_order


def render(diagnostics: Iterable[Diagnostic]) -> str:
    """One object per line, in the form of `Diagnostic.as_dict`; pure ASCII, so that any reader accepts it."""
    return "\n".join(json.dumps(diagnostic.as_dict()) for diagnostic in in_order(diagnostics))
