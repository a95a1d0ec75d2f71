"""What all sources have in common."""

from __future__ import annotations

import specc
from specc.backends.python.writing.file import assemble, name_counts, outputs_to_name
from tests.support.checking import spec


def test_a_file_imports_what_it_uses() -> None:
    text = assemble([["def build_model():", "    pass"]], {"layers", "namer", "math"}, ["WORDS = ()"])
    assert text.startswith('# -*- coding: utf-8 -*-  # noqa: UP009\n"""')
    assert "import collections\nimport math\n\nimport keras\nfrom keras import layers\n\n\ndef namer(" in text
    assert text.endswith('    pass\n\n\nWORDS = ()\n\n\nif __name__ == "__main__":\n    build_model().summary()\n')


def test_operations_that_are_outputs_are_named() -> None:
    """The others get names that no layer and no output has."""
    graph = specc.compile(
        spec("""
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: ops.exp, name: a}
          - {type: ops.abs, name: b, from: x}
          - {type: ops.add, name: c, from: [a, b]}
          - {type: Add, name: add_1, from: [a, c]}
          - {type: ops.max, axis: -1, name: d}
          - {type: Dense, name: absolute, units: 2, from: add_1}
        outputs: [b, d, absolute]
        """)
    )
    assert outputs_to_name(graph) == ["b", "d"]
    assert list(name_counts([graph])) == [
        "    # Keras counts the names of operations, which must not be those of layers",
        '    keras.backend.get_uid("absolute")',
        "    for _ in range(2):",
        '        keras.backend.get_uid("add")',
    ]
