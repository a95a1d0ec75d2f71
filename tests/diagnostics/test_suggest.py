"""The nearest right name, and none where none is near."""

from __future__ import annotations

import time
from collections.abc import Iterator
from zlib import crc32

import pytest

from specc import layers, objects
from specc.diagnostics.suggest import did_you_mean, distance, fold, nearest


@pytest.mark.parametrize(("wrong", "right"), [
    ("Conv2d", "Conv2D"), ("conv2d", "Conv2D"), ("Desne", "Dense"), ("dense ", "Dense"), ("BatchNormalisation", "BatchNormalization"),
    ("LayerNorm", "LayerNormalization"), ("Dropuot", "Dropout"), ("MaxPooling2d", "MaxPooling2D"), ("Flaten", "Flatten"),
    ("lstm", "LSTM"), ("Embeding", "Embedding"), ("xyzzy", None), ("", None), ("Q" * 200, None),
])  # fmt: skip
def test_layers(wrong: str, right: str | None) -> None:
    assert nearest(wrong, layers.names()) == right


@pytest.mark.parametrize(("kind", "wrong", "right"), [
    ("optimizer", "Adma", "Adam"), ("activation", "rellu", "relu"), ("activation", "sofmax", "softmax"), ("metric", "acuracy", "accuracy"),
    ("initializer", "kaiming_normal", None), ("loss", "cross_entropy", "crossentropy"), ("schedule", "Cosine", "CosineDecay"),
])  # fmt: skip
def test_objects(kind: str, wrong: str, right: str | None) -> None:
    assert nearest(wrong, objects.spellings(kind)) == right


def test_the_fewest_slips_win() -> None:
    assert nearest("adma", ["adamax", "adam", "nadam"]) == "adam"
    assert nearest("batch", ["batch_size", "bath_robe"]) == "batch_size"


@pytest.mark.parametrize(("one", "other", "slips"), [
    ("", "", 0), ("a", "", 1), ("ab", "ba", 1), ("abc", "abd", 1), ("abc", "abcd", 1), ("abc", "bc", 1), ("abc", "xyz", 3),
    ("kitten", "sitting", 3), ("ca", "abc", 3),
])  # fmt: skip
def test_distance(one: str, other: str, slips: int) -> None:
    assert distance(one, other) == distance(other, one) == slips


@pytest.mark.parametrize(("wrong", "names", "right"), [
    ("he_norml", ["HeNormal", "he_normal"], "he_normal"), ("HeNorml", ["he_normal", "HeNormal"], "HeNormal"),
    ("MSEE", ["mse", "MSE"], "MSE"), ("msee", ["MSE", "mse"], "mse"),
])  # fmt: skip
def test_the_spelling_nearest_to_what_was_written(wrong: str, names: list[str], right: str) -> None:
    assert nearest(wrong, names) == right


def slips(name: str) -> Iterator[str]:
    """A name with a letter left out, doubled, made another, and changed with the next: the first, the last, or one between."""
    drawn = crc32(name.encode())
    first, doubled, other, changed = ((0, drawn % len(name), len(name) - 1)[(drawn + kind) % 3] for kind in range(4))
    yield name[:first] + name[first + 1 :]
    yield name[: doubled + 1] + name[doubled:]
    yield name[:other] + "q" + name[other + 1 :]
    yield name[:changed] + name[changed + 1 : changed + 2] + name[changed] + name[changed + 2 :]


REGISTRIES = {
    "layer": [name for name in layers.names() if not name.startswith("ops.")],
    "operation": [name for name in layers.names() if name.startswith("ops.")],
    **{kind: list(objects.spellings(kind)) for kind in objects.MODULES},
}


@pytest.mark.parametrize("kind", REGISTRIES)
def test_one_slip_leads_to_a_name_that_is_one_slip_away(kind: str) -> None:
    names = REGISTRIES[kind]
    for name in names:
        if len(fold(name)) < 3:
            continue
        for wrong in slips(name):
            if wrong in names:
                continue
            found = nearest(wrong, names)
            assert found is not None, (wrong, name)
            near = distance(fold(wrong), fold(found))
            assert found == name or near <= distance(fold(wrong), fold(name)), (wrong, name, found)


UNRELATED = (
    "apple banana cherry window table river mountain purple guitar pencil sunday winter doctor engine forest camera "
    "kitchen island rocket bottle candle mirror blanket carpet ladder hammer garden bridge castle village x y foo bar "
    "baz qux thing stuff something MyLayer CustomBlock encoder decoder backbone head neck trunk stem tower"
).split()


@pytest.mark.parametrize("kind", REGISTRIES)
def test_an_unrelated_word_leads_nowhere(kind: str) -> None:
    assert [(word, found) for word in UNRELATED if (found := nearest(word, REGISTRIES[kind])) is not None] == []


def test_help() -> None:
    assert did_you_mean("nmae", ["name", "type"]) == "did you mean 'name'?"
    assert did_you_mean("zzz", ["name"]) is None
    assert did_you_mean("zzz", []) is None


def test_many_names_are_no_reason_to_wait() -> None:
    names = [f"layer_{index}" for index in range(100_000)]
    start = time.process_time()
    assert nearest("Layer-777", names) == "layer_777"
    assert nearest("leyer_777", names) is None
    assert time.process_time() - start < 2
