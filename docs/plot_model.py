"""Draws five specs with Keras's ``plot_model``, for the page plot_model.md.

    pip install pydot        and a system Graphviz
    python docs/plot_model.py

specc itself needs neither; so these pictures are made by hand, when Keras draws otherwise than before.
"""

from __future__ import annotations

from pathlib import Path

import keras

import specc

DOCS = Path(__file__).resolve().parent
NAMES = ("fashion_mnist_cnn.json", "branched.yaml", "unet_small.yaml", "siamese.yaml", "gpt2_small.yaml")


def main() -> None:
    """Write the pictures, with all that ``plot_model`` can show."""
    for name in NAMES:
        keras.utils.plot_model(
            specc.build(str(DOCS.parent / "specs" / name)),
            to_file=str(DOCS / "plot_model" / f"{name}.svg"),
            show_shapes=True,
            show_layer_names=True,
            show_layer_activations=True,
            expand_nested=True,
        )


if __name__ == "__main__":
    main()
