"""The metadata that Keras 2 wrote into a SavedModel."""

from __future__ import annotations

import contextlib
import random

import pytest

from specc.archive.reading.saved_model import LARGEST, MetadataError, model


def number(value: int) -> bytes:
    found = b""
    while value > 0x7F:
        found, value = found + bytes([value & 0x7F | 0x80]), value >> 7
    return found + bytes([value])


def field(key: int, content: bytes | int) -> bytes:
    if isinstance(content, int):
        return number(key << 3) + number(content)
    return number(key << 3 | 2) + number(len(content)) + content


def node(path: str, metadata: str) -> bytes:
    """A node as TensorFlow writes one: number, path, kind, metadata, and its version."""
    return field(1, field(2, 300) + field(3, path.encode()) + field(4, b"_tf_keras_model") + field(5, metadata.encode()) + field(6, field(1, 2)))  # fmt: skip


FILE = node("root.layer-0", "{}") + node("root", '{"class_name": "Functional"}') + node("root.layer-1", "{}")


def test_the_model_is_the_root() -> None:
    assert model(FILE) == b'{"class_name": "Functional"}'
    assert model(number(9 << 3 | 5) + b"1234" + number(8 << 3 | 1) + b"12345678" + FILE) == model(FILE)


@pytest.mark.parametrize(("content", "message"), [
    (b"", "has no model"),
    (node("root.layer-0", "{}"), "has no model"),
    (b"\x0b", "is damaged, or not Keras's metadata"),
    (b"\x0a\x7fx", "is damaged, or not Keras's metadata"),
    (b"\xff" * 20, "is damaged, or not Keras's metadata"),
    (bytes(LARGEST + 1), "has more than 67,108,864 bytes"),
])  # fmt: skip
def test_what_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(MetadataError, match=message):
        model(content)


def test_nothing_else_is_raised_for_any_damage() -> None:
    draw = random.Random(1)
    for _ in range(3000):
        damaged = bytearray(FILE)
        for _ in range(draw.choice([1, 2, 5])):
            damaged[draw.randrange(len(damaged))] = draw.choice([0, 1, 255, draw.randrange(256)])
        with contextlib.suppress(MetadataError):
            model(bytes(damaged[: draw.choice([len(FILE), draw.randrange(len(FILE))])]))
