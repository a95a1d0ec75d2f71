"""The members of an archive from anyone: what Python's own writer makes is read, and damage is told."""

from __future__ import annotations

import io
import zipfile

import pytest

from specc.archive.members import ArchiveError, members, read

TEXT = b'{"keras_version": "3.15.0"}' * 40


def packed(*names: str, method: int = zipfile.ZIP_STORED, force: bool = False) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name in names:
            with archive.open(name, "w", force_zip64=force) as member:
                member.write(TEXT)
    return file.getvalue()


def content(archive: bytes, name: str, most: int = 10_000) -> bytes:
    file = io.BytesIO(archive)
    return read(file, members(file, len(archive))[name], most)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("force", [False, True])
def test_members_are_read(method: int, force: bool) -> None:
    archive = packed("a.json", "größe/b.json", method=method, force=force)
    file = io.BytesIO(archive)
    assert list(members(file, len(archive))) == ["a.json", "größe/b.json"]
    assert content(archive, "a.json") == content(archive, "größe/b.json") == TEXT


def test_a_comment_after_the_members() -> None:
    file = io.BytesIO(packed("a.json"))
    with zipfile.ZipFile(file, "a") as archive:
        archive.comment = b"PK\x05\x06 or so"[:3] * 100
    assert content(file.getvalue(), "a.json") == TEXT


STORED, DEFLATED = packed("a.json"), packed("a.json", method=zipfile.ZIP_DEFLATED)
LIST = STORED.index(b"PK\x01\x02")
DAMAGED: list[tuple[bytes, str]] = [
    (STORED[:-30], "is damaged: the archive has no end, as after a copy that was interrupted"),
    (STORED[:LIST] + b"PK\x01\x03" + STORED[LIST + 4 :], "is damaged: the list of its members is cut off"),
    (STORED[-22:], "is damaged: the list of its members is not where the archive says"),
    (b"XX" + STORED[2:], "is damaged: a.json is not where the archive says"),
    (STORED.replace(b"3.15.0", b"3.15.1", 1), "is damaged: a.json is not what was saved"),
    (DEFLATED[:36] + b"\xff" * 8 + DEFLATED[44:], "is damaged: a.json cannot be decompressed"),
    (STORED[: LIST + 8] + b"\x01" + STORED[LIST + 9 :], "is encrypted: a.json cannot be read"),
    (STORED[: LIST + 10] + b"\x0c" + STORED[LIST + 11 :], "has a.json compressed in a way that Keras does not use"),
]


@pytest.mark.parametrize(("archive", "message"), DAMAGED, ids=[message for _, message in DAMAGED])
def test_what_is_damaged(archive: bytes, message: str) -> None:
    with pytest.raises(ArchiveError) as caught:
        content(archive, "a.json")
    assert str(caught.value) == message


def test_bounds() -> None:
    with pytest.raises(ArchiveError, match=r"^has a\.json of 1,080 bytes; 1,000 are the most that are read$"):
        content(STORED, "a.json", 1000)
    lying = DEFLATED.replace((1080).to_bytes(4, "little"), (99).to_bytes(4, "little"))
    with pytest.raises(ArchiveError, match=r"^has a\.json of more than 1,000 bytes, the most that are read$"):
        content(lying, "a.json", 1000)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_twice() -> None:
    with pytest.raises(ArchiveError, match=r"^has two members named a\.json$"):
        content(packed("a.json", "a.json"), "a.json")
