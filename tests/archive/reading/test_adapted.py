"""Layers that ``adapt`` has taught, which Keras saves with more than their arguments."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from specc.importing.pipeline import import_file

SPEC = """\
layers:
  - {type: Input, name: words, shape: [2], dtype: string}
  - {type: Input, name: numbers, shape: [3]}
  - {type: Input, name: text, shape: [1], dtype: string}
  - {type: StringLookup, name: string_lookup, vocabulary_size: 4, from: words}
  - {type: Normalization, name: scaled, from: numbers}
  - {type: Discretization, name: bins, bin_boundaries: [1.0], from: numbers}
  - {type: TextVectorization, name: text_vectorization, from: text}
outputs: [string_lookup, scaled, bins, text_vectorization]
"""
NOTES = [
    f'"{name}" ({kind}) has a vocabulary of {size} by adapt, which the spec lacks: '
    "write what its get_vocabulary() gives as 'vocabulary'"
    for name, kind, size in (("string_lookup", "StringLookup", 4), ("text_vectorization", "TextVectorization", 5))
]


def test_what_adapt_gave_is_no_argument(tmp_path: Path) -> None:
    import keras

    keras.backend.clear_session()
    layers = [
        keras.layers.StringLookup(),
        keras.layers.Normalization(name="scaled"),
        keras.layers.Discretization(num_bins=2, name="bins"),
        keras.layers.TextVectorization(),
    ]
    numbers = np.array([[1.0, 1, 1], [3, 3, 3]], "float32")
    for layer, data in zip(layers, (["a", "b", "c"], numbers, numbers, ["a b", "c"]), strict=True):
        layer.adapt(data)
    words = keras.Input([2], dtype="string", name="words")
    given = keras.Input([3], name="numbers")
    text = keras.Input([1], dtype="string", name="text")
    outputs = [layer(it) for layer, it in zip(layers, (words, given, given, text), strict=True)]
    keras.Model([words, given, text], outputs).save(tmp_path / "taught.keras")

    imported = import_file(tmp_path / "taught.keras")
    assert (imported.text, imported.notes) == (SPEC, NOTES)
