"""A Keras model to a TensorFlow SavedModel, which is served without Keras, with the spec's names."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from specc.backends.exporting import ExportError, exporting, outputs_by_name
from specc.backends.keras_model import Built, load_keras, load_tensorflow
from specc.ir import TypedGraph

_SERVABLE = re.compile(r"[A-Za-z0-9.][A-Za-z0-9_.>-]*")
"""What TensorFlow accepts as the name of an input."""


def save(built: Built, path: str) -> None:
    """Write a SavedModel folder. Its signature takes and gives tensors by the spec's names; ``serve`` acts as the model.

    ExportError for a layer or a name that TensorFlow cannot save; OSError if writing fails.
    """
    graph, model = built
    _need_servable(graph)
    keras, tf = load_keras(), load_tensorflow()
    specs = [
        tf.TensorSpec(tensor.shape, tensor.dtype, name=name)
        for name, tensor in zip(graph.inputs, model.inputs, strict=True)
    ]
    with exporting(graph, model, "a SavedModel"):
        archive = keras.export.ExportArchive()
        archive.track(model)
        # Without an explicit training argument, image augmentation would stay active in the served model.
        infer = partial(model, training=False)
        serve = archive.add_endpoint("serve", infer, specs if len(specs) == 1 else [specs])

        def by_name(*given: Any) -> dict[str, Any]:
            return outputs_by_name(graph, keras, serve(given[0] if len(given) == 1 else list(given)))

        archive.add_endpoint("serving_default", by_name, specs)
        archive.write_out(path, verbose=False)


def _need_servable(graph: TypedGraph) -> None:
    """ExportError for names of inputs that TensorFlow cannot take, or treats as equal."""
    seen: dict[str, str] = {}
    for name in graph.inputs:
        if not _SERVABLE.fullmatch(name):
            raise ExportError(
                f"a SavedModel cannot have an input named '{name}': begin it with an ASCII letter or digit; further "
                "characters are ASCII letters, digits, '_' and '-'"
            )
        first = seen.setdefault(name.lower().replace("-", "_"), name)
        if first != name:
            raise ExportError(
                f"a SavedModel cannot have inputs named '{first}' and '{name}', equal for TensorFlow; rename one"
            )
