"""The Keras metadata of a SavedModel that Keras 2 wrote: the JSON of its model.

``keras_metadata.pb`` is a message of protobuf with a list of nodes (field 1); of a node, its path (3), its kind (4) and its
metadata (5), a JSON text. The node "root" is the model. Only these fields are read.
"""

from __future__ import annotations

from collections.abc import Iterator

METADATA = "keras_metadata.pb"
LARGEST = 64 << 20
"""Bytes of the metadata, which has each layer twice: alone and in its model."""
_NODES, _PATH, _METADATA = 1, 3, 5


class MetadataError(Exception):
    """Metadata that cannot be read: a predicate that follows their name."""


def model(content: bytes) -> bytes:
    """The JSON of the model. MetadataError if there is none."""
    if len(content) > LARGEST:
        raise MetadataError(f"has more than {LARGEST:,} bytes")
    for number, node in _fields(memoryview(content)):
        if number != _NODES:
            continue
        found = dict(_fields(node))
        if bytes(found.get(_PATH, b"")) == b"root":
            return bytes(found.get(_METADATA, b""))
    raise MetadataError("has no model")


def _fields(message: memoryview) -> Iterator[tuple[int, memoryview]]:
    """The fields of a message that have bytes, by number."""
    at = 0
    while at < len(message):
        tag, at = _number(message, at)
        match tag & 7:
            case 0:
                _, at = _number(message, at)
            case 1:
                at += 8
            case 5:
                at += 4
            case 2:
                length, at = _number(message, at)
                if length > len(message) - at:
                    raise MetadataError("is damaged, or not Keras's metadata")
                yield tag >> 3, message[at : at + length]
                at += length
            case _:
                raise MetadataError("is damaged, or not Keras's metadata")


def _number(message: memoryview, at: int) -> tuple[int, int]:
    """A number of variable length, and where it ends."""
    found = shift = 0
    while at < len(message) and shift < 64:
        byte = message[at]
        found |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return found, at
    raise MetadataError("is damaged, or not Keras's metadata")
