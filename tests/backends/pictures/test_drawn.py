"""Whatever can be drawn has a scene."""

from __future__ import annotations

from specc.alignment import align
from specc.backends.pictures.drawn import graphs_of, scene_of
from specc.pipeline import attempt
from tests.support import graphs


def test_a_graph() -> None:
    assert scene_of(graphs.chain()).title == "digits"


def test_a_change() -> None:
    assert scene_of(align(graphs.chain(), graphs.chain())).caption.startswith("no difference")


def test_a_spec_with_errors() -> None:
    sketch = attempt({"layers": [{"type": "Input", "shape": [3]}, "Dens"]}).sketch
    assert sketch is not None
    assert scene_of(sketch).caption.startswith("1 error")
    assert graphs_of(sketch) == (sketch.graph,)


def test_the_name_is_that_of_the_new_graph() -> None:
    chain, blocks = graphs.chain(), graphs.blocks()
    assert graphs_of(align(blocks, chain)) == (chain, blocks)
