"""The members of a ZIP archive from anyone: the list is checked, and one member at a time is read into memory.

Nothing is extracted, so a name leads nowhere; what is read has a bound, whatever the archive says of its size.
"""

from __future__ import annotations

import io
import struct
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, NamedTuple

MOST_MEMBERS = 20_000
LARGEST_LIST = 4 << 20
"""Bytes of the list of members."""
LEAST_BOMB, EXPANSION = 256 << 20, 100
"""A compressed member is not unpacked if it is larger, and so many times larger than what is stored of it."""
BLOCK = 1 << 20

_END, _END_64, _AT_64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_ENTRY, _MEMBER = b"PK\x01\x02", b"PK\x03\x04"
_END_SIZE, _LONGEST_COMMENT = 22, 0xFFFF
_STORED, _DEFLATED = 0, 8
_IS_ENCRYPTED, _IS_UTF8 = 1, 1 << 11
_IN_64 = 0xFFFFFFFF
"""A size or an offset that stands elsewhere, as it has 64 bits."""


class ArchiveError(Exception):
    """An archive that cannot be read: a predicate that follows its name."""


class Member(NamedTuple):
    """A member, as the list of the archive describes it."""

    name: str
    method: int
    flags: int
    checksum: int
    packed: int
    size: int
    offset: int


def members(file: BinaryIO, size: int) -> dict[str, Member]:
    """All members by their names. ArchiveError for a list that is damaged, too long, or has a name twice."""
    found: dict[str, Member] = {}
    for member in _entries(_list(file, size)):
        if member.name in found:
            raise ArchiveError(f"has two members named {member.name}")
        found[member.name] = member
    return found


def read(file: BinaryIO, member: Member, most: int) -> bytes:
    """The content of a member. ArchiveError if it has more than so many bytes, or is damaged."""
    name = member.name
    if member.size > most:
        raise ArchiveError(f"has {name} of {member.size:,} bytes; {most:,} are the most that are read")
    _seek(file, member)
    packed = file.read(
        min(member.packed, most + (most >> 3) + 1024)
    )  # deflate makes little more of what it cannot pack
    content = packed if member.method == _STORED else _inflated(packed, name, most)
    if len(content) > most:
        raise ArchiveError(f"has {name} of more than {most:,} bytes, the most that are read")
    if len(content) != member.size or zlib.crc32(content) != member.checksum:
        raise ArchiveError(f"is damaged: {name} is not what was saved")
    return content


def opened(file: BinaryIO, member: Member, is_whole: bool = False) -> BinaryIO:
    """A member as a file: a window on the archive, or a temporary file with what was compressed.

    Its bytes are compared with their checksum, unless ``is_whole``. ArchiveError for one that is damaged, or would grow
    without end.
    """
    if member.size > max(LEAST_BOMB, EXPANSION * member.packed):
        raise ArchiveError(f"has {member.name} of {member.packed:,} bytes, which claims to be {member.size:,}")
    start = _seek(file, member)
    if member.method == _STORED:
        window = io.BufferedReader(_Window(file, start, member.size), 1 << 16)
        checked = (member.checksum, member.size)
        found = checked if is_whole else _checksum(iter(lambda: window.read(BLOCK), b""))
        if member.packed != member.size or found != checked:
            raise ArchiveError(f"is damaged: {member.name} is not what was saved")
        window.seek(0)
        return window
    made = tempfile.TemporaryFile(prefix="specc-")  # noqa: SIM115 - closed by who reads it
    try:
        blocks = _inflated_blocks(file, member)
        if _checksum(block for block in blocks if made.write(block) >= 0) != (member.checksum, member.size):
            raise ArchiveError(f"is damaged: {member.name} is not what was saved")
    except BaseException:
        made.close()
        raise
    made.seek(0)
    return made


def _seek(file: BinaryIO, member: Member) -> int:
    """Go to the content of a member; where that is."""
    name = member.name
    if member.flags & _IS_ENCRYPTED:
        raise ArchiveError(f"is encrypted: {name} cannot be read")
    if member.method not in (_STORED, _DEFLATED):
        raise ArchiveError(f"has {name} compressed in a way that Keras does not use")
    file.seek(member.offset)
    head = file.read(30)
    if len(head) < 30 or head[:4] != _MEMBER:
        raise ArchiveError(f"is damaged: {name} is not where the archive says")
    return file.seek(sum(struct.unpack("<HH", head[26:30])), 1)


def _checksum(blocks: Iterable[bytes]) -> tuple[int, int]:
    """The checksum and the size of what the blocks are parts of."""
    checksum, size = 0, 0
    for block in blocks:
        checksum, size = zlib.crc32(block, checksum), size + len(block)
    return checksum, size


def _inflated_blocks(file: BinaryIO, member: Member) -> Iterator[bytes]:
    """The content of a compressed member, and no more than it claims to have."""
    unpacking, packed, left = zlib.decompressobj(-zlib.MAX_WBITS), member.packed, member.size
    rest = b""
    while not unpacking.eof and left >= 0:
        if not rest:
            rest = file.read(min(BLOCK, packed))
            packed -= len(rest)
        if not rest:
            return
        try:
            block = unpacking.decompress(rest, BLOCK)
        except zlib.error:
            raise ArchiveError(f"is damaged: {member.name} cannot be decompressed") from None
        rest = unpacking.unconsumed_tail
        left -= len(block)
        yield block


class _Window(io.RawIOBase):
    """A part of a file, as a file."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        self._file, self._start, self._size, self._at = file, start, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self._at = offset + (0, self._at, self._size)[whence]
        return self._at

    def readinto(self, buffer: Any, /) -> int:
        self._file.seek(self._start + self._at)
        read = self._file.read(min(len(buffer), max(0, self._size - self._at)))
        buffer[: len(read)] = read
        self._at += len(read)
        return len(read)


def _inflated(packed: bytes, name: str, most: int) -> bytes:
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, most + 1)
    except zlib.error:
        raise ArchiveError(f"is damaged: {name} cannot be decompressed") from None


def _list(file: BinaryIO, size: int) -> bytes:
    """The bytes of the list of members."""
    start = max(0, size - _END_SIZE - _LONGEST_COMMENT)
    file.seek(start)
    tail = file.read(size - start)
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_SIZE:
        raise ArchiveError("is damaged: the archive has no end, as after a copy that was interrupted")
    count, length, offset = struct.unpack("<10xHLL2x", tail[at : at + _END_SIZE])
    if (
        at >= 20 and tail[at - 20 : at - 16] == _AT_64
    ):  # one of more than 4 GiB, or written by something that prepares for it
        (where,) = struct.unpack("<8xQ4x", tail[at - 20 : at])
        if where + 56 > size:
            raise ArchiveError("is damaged: the list of its members is not where the archive says")
        file.seek(where)
        record = file.read(56)
        if record[:4] != _END_64:
            raise ArchiveError("is damaged: the list of its members is not where the archive says")
        count, length, offset = struct.unpack("<32xQQQ", record)
    if count > MOST_MEMBERS or length > LARGEST_LIST:
        raise ArchiveError(f"has {count:,} members; a model's has at most {MOST_MEMBERS:,}")
    if offset + length > size:
        raise ArchiveError("is damaged: the list of its members is not where the archive says")
    file.seek(offset)
    return file.read(length)


def _entries(listed: bytes) -> Iterator[Member]:
    at = 0
    while at < len(listed):
        head = listed[at : at + 46]
        if len(head) < 46 or head[:4] != _ENTRY:
            raise ArchiveError("is damaged: the list of its members is cut off")
        flags, method, checksum, packed, size, name_size, more_size, comment_size, offset = struct.unpack(
            "<8xHH4xLLLHHH8xL", head
        )
        name = listed[at + 46 : at + 46 + name_size].decode("utf-8" if flags & _IS_UTF8 else "cp437", "replace")
        more = listed[at + 46 + name_size : at + 46 + name_size + more_size]
        size, packed, offset = _in_64(more, (size, packed, offset))
        yield Member(name, method, flags, checksum, packed, size, offset)
        at += 46 + name_size + more_size + comment_size


def _in_64(more: bytes, numbers: tuple[int, int, int]) -> list[int]:
    """Sizes and an offset, those of 64 bits from the further fields of an entry."""
    found, at = list(numbers), 0
    while at + 4 <= len(more):
        kind, length = struct.unpack_from("<HH", more, at)
        field = more[at + 4 : at + 4 + length]
        if kind == 1:
            for index, number in enumerate(found):
                if number == _IN_64 and len(field) >= 8:
                    (found[index],), field = struct.unpack("<Q", field[:8]), field[8:]
        at += 4 + length
    return found
