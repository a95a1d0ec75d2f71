"""Short forms of what specc says about a spec, for tests."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

import specc
from specc.diagnostics.text import in_order


def spec(text: str) -> specc.Spec:
    """A spec written in a test, indented as the test is."""
    return specc.Spec.from_text(dedent(text).lstrip("\n"), "spec.yaml")


def said(text: str, **choices: Any) -> list[str]:
    """The diagnostics of a spec, each as ``line:column code: message``."""
    return [
        f"{span.line}:{span.column} {it.code}: {it.message}"
        for it in in_order(specc.check(spec(text), **choices))
        for span in [it.place.span]
    ]


def codes(text: str, **choices: Any) -> list[str]:
    """The codes of a spec's diagnostics."""
    return [it.code for it in specc.check(spec(text), **choices)]
