"""The Keras metadata of a SavedModel: a message of protobuf, of which only the JSON of the model is read."""

from __future__ import annotations

import pytest

from specc.archive.saved_model import MetadataError, model

JSON = b'{"class_name": "Functional"}' * 10


def field(number: int, content: bytes) -> bytes:
    """A field with bytes; its length takes two bytes if it has more than 127."""
    length = len(content)
    size = bytes([length]) if length < 128 else bytes([length & 0x7F | 0x80, length >> 7])
    return bytes([number << 3 | 2]) + size + content


def node(path: bytes, metadata: bytes) -> bytes:
    others = b"\x10\x07" + b"\x31" + b"-" * 8 + b"\x3d" + b"-" * 4  # numbers of each size
    return field(1, others + field(3, path) + field(4, b"_tf_keras_network") + field(5, metadata))


def test_the_model_is_the_node_root() -> None:
    layer = node(b"root.layer-0", b"{}")
    assert model(field(2, b"version") + layer + node(b"root", JSON) + layer) == (JSON, None)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "has no model"),
        (node(b"root.layer-0", JSON), "has no model"),
        (node(b"root", JSON)[:-1], "is damaged, or not Keras's metadata"),
        (b"\x0b", "is damaged, or not Keras's metadata"),
        (b"\x80" * 20, "is damaged, or not Keras's metadata"),
        (b"\x0a", "is damaged, or not Keras's metadata"),
    ],
)
def test_what_is_no_metadata(content: bytes, message: str) -> None:
    with pytest.raises(MetadataError, match=f"^{message}$"):
        model(content)
