"""Short forms of what specc says about a spec, for tests."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

import specc
from specc.diagnostics import Report
from specc.diagnostics.text import in_order
from specc.frontend import schema
from specc.frontend.parse import parse
from specc.frontend.read import read_text


def spec(text: str) -> specc.Spec:
    """A spec written in a test, indented as the test is."""
    return specc.Spec.from_text(dedent(text).lstrip("\n"), "spec.yaml")


def parsed(text: str) -> schema.Spec:
    """A right spec as it is written, in pydantic models."""
    report = Report()
    found = parse(read_text(text, "spec"), report)
    report.stop()
    assert found is not None
    return found


def said(text: str, **choices: Any) -> list[str]:
    """The diagnostics of a spec, each as ``line:column code: message``."""
    return [
        f"{span.line}:{span.column} {it.code}: {it.message}"
        for it in in_order(specc.check(spec(text), **choices))
        for span in [it.place.span]
    ]


def told(text: str, **choices: Any) -> list[str]:
    """The diagnostics of a spec with their helps, each as ``line:column code: message | help``."""
    return [
        f"{span.line}:{span.column} {it.code}: {it.message} | {it.help}"
        for it in in_order(specc.check(spec(text), **choices))
        for span in [it.place.span]
    ]


def codes(text: str, **choices: Any) -> list[str]:
    """The codes of a spec's diagnostics."""
    return [it.code for it in specc.check(spec(text), **choices)]
