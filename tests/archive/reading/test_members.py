"""Members of ZIP archives: as Python's own module reads them, and what is refused."""

from __future__ import annotations

import contextlib
import io
import random
import struct
import zipfile

import pytest

from specc.archive.reading.members import ArchiveError, members, read

MOST = 1000


def archive(*content: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED, zip64: bool = False) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as made:
        for name, text in content:
            with made.open(name, "w", force_zip64=zip64) as member:
                member.write(text)
    return file.getvalue()


def content(archive: bytes, name: str) -> bytes:
    file = io.BytesIO(archive)
    return read(file, members(file, len(archive))[name], MOST)


def said(archive: bytes, name: str = "a") -> str:
    with pytest.raises(ArchiveError) as caught:
        content(archive, name)
    return str(caught.value)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("zip64", [False, True])
def test_members_are_those_that_python_reads(method: int, zip64: bool) -> None:
    made = archive(("a", b"x" * 500), ("../b", b""), ("größe", b"y"), method=method, zip64=zip64)
    with zipfile.ZipFile(io.BytesIO(made)) as wanted:
        names = wanted.namelist()
        assert list(members(io.BytesIO(made), len(made))) == names
        for name in names:
            assert content(made, name) == wanted.read(name)


def test_an_archive_of_more_than_4_gib_has_its_numbers_elsewhere() -> None:
    """As Python writes one: the end has no numbers, and a record before it has them."""
    made = archive(("a", b"x"))
    start = made.rfind(b"PK\x05\x06")
    count, length, offset = struct.unpack("<10xHLL2x", made[start:])
    record = struct.pack("<4sQHHLLQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, length, offset)
    where = struct.pack("<4sLQL", b"PK\x06\x07", 0, start, 1)
    end = b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    assert content(made[:start] + record + where + end, "a") == b"x"
    assert said(made[:start] + b"X" + record[1:] + where + end).startswith("is damaged: the list")
    beyond = struct.pack("<4sLQL", b"PK\x06\x07", 0, 1 << 40, 1)
    assert said(made[:start] + record + beyond + end).startswith("is damaged: the list")


def test_what_is_refused() -> None:
    made = archive(("a", b"x" * 500))
    with pytest.warns(UserWarning, match="Duplicate name"):
        assert said(archive(("a", b"1"), ("a", b"2"))) == "has two members named a"
    assert said(archive(("a", b"x" * 2000))) == "has a of 2,000 bytes; 1,000 are the most that are read"
    assert said(made[:-30]) == "is damaged: the archive has no end, as after a copy that was interrupted"
    assert said(made[40:]) == "is damaged: the list of its members is not where the archive says"
    assert said(archive(("a", b"x"), method=zipfile.ZIP_BZIP2)) == "has a compressed in a way that Keras does not use"
    entry = made.find(b"PK\x01\x02")
    assert said(made[: entry + 8] + b"\x01" + made[entry + 9 :]) == "is encrypted: a cannot be read"
    assert said(made[:entry] + b"X" + made[entry + 1 :]) == "is damaged: the list of its members is cut off"
    assert said(made[: entry + 16] + b"\0\0\0\0" + made[entry + 20 :]) == "is damaged: a is not what was saved"
    assert said(b"X" + made[1:]) == "is damaged: a is not where the archive says"
    assert said(made[:31] + b"\xff" * 4 + made[35:]) == "is damaged: a cannot be decompressed"
    many = archive(*((str(number), b"") for number in range(20_001)), method=zipfile.ZIP_STORED)
    assert said(many) == "has 20,001 members; a model's has at most 20,000"


def test_a_size_that_is_a_lie_is_not_believed() -> None:
    made = archive(("a", b"x" * 1_000_000))
    assert said(made.replace(struct.pack("<L", 1_000_000), struct.pack("<L", 10))) == (
        "has a of more than 1,000 bytes, the most that are read"
    )


def test_nothing_else_is_raised_for_any_damage() -> None:
    draw = random.Random(1)
    made = archive(("a", b"x" * 50), ("b", b"y"))
    for _ in range(3000):
        damaged = bytearray(made)
        for _ in range(draw.choice([1, 2, 5])):
            damaged[draw.randrange(len(damaged))] = draw.choice([0, 1, 255, draw.randrange(256)])
        with contextlib.suppress(ArchiveError, KeyError):
            content(bytes(damaged[: draw.choice([len(made), draw.randrange(len(made))])]), "a")
