"""Whatever can be drawn has a scene."""

from __future__ import annotations

from specc.alignment import align
from specc.backends.pictures.drawn import scene_of
from tests.support import graphs


def test_a_graph() -> None:
    assert scene_of(graphs.chain()).title == "digits"


def test_a_change() -> None:
    assert scene_of(align(graphs.chain(), graphs.chain())).caption.startswith("no difference")
