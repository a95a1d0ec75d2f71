"""What a notebook shows: the picture, or why there is none. It never raises."""

from __future__ import annotations

from typing import Any

import pytest

import specc
from specc.backends import emit
from specc.backends.notebook import shown
from specc.backends.pictures import render
from specc.backends.pictures.render import svg
from tests.support.graphs import NASTY, Item, chain, typed

LINE = "<TypedGraph digits: Sequential, image (None, 28, 28, 1) -> digit (None, 10), 3 layers, 15,770 parameters>"


def test_a_notebook_shows_the_picture() -> None:
    graph = specc.TypedGraph.of(chain())
    assert graph._repr_mimebundle_() == {"image/svg+xml": svg(chain()), "text/plain": LINE}


def test_without_a_picture_it_shows_the_reason_and_the_dot_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "bundle", lambda _: "const specc = { render() { throw new Error('<no> room') } };")
    graph = specc.TypedGraph.of(typed("net", Item(NASTY, "Input", shape=[3]), Item("y", "Dense", NASTY, units=2)))
    bundle = shown(graph)
    assert set(bundle) == {"text/html", "text/plain"}
    assert "(Error: &lt;no&gt; room)" in bundle["text/html"]
    assert "<pre>digraph" in bundle["text/html"]
    assert "<b>" not in bundle["text/html"]


def test_it_never_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*given: Any) -> bytes:
        raise RuntimeError("nothing works")

    monkeypatch.setattr(emit, "picture", fails)
    graph = specc.TypedGraph.of(chain())
    assert shown(graph) == {"text/html": "<p>nothing works</p>", "text/plain": LINE}
