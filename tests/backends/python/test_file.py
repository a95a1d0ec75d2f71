"""What all sources have in common."""

from __future__ import annotations

import specc
from specc.backends.python.file import assemble, layer_names, named_operations
from tests.support.checking import spec


def test_a_file_imports_what_it_uses() -> None:
    text = assemble([["def build_model():", "    pass"]], {"layers", "namer", "math"}, ["WORDS = ()"])
    assert text.startswith('# -*- coding: utf-8 -*-  # noqa: UP009\n"""')
    assert "import collections\nimport math\n\nimport keras\nfrom keras import layers\n\n\ndef namer(" in text
    assert text.endswith('    pass\n\n\nWORDS = ()\n\n\nif __name__ == "__main__":\n    build_model().summary()\n')


def test_operations_that_are_named() -> None:
    """Outputs, and those that Keras could call as a layer or an output is called."""
    graph = specc.compile(
        spec("""
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: ops.exp, name: a}
          - {type: ops.add, name: b, from: [a, x]}
          - {type: Add, name: add_12, from: [a, b]}
          - {type: ops.exp}
        """)
    )
    assert layer_names([graph]) == {"x", "add", "exp"}
    assert named_operations(graph, layer_names([graph])) == {"a", "b", "exp"}
