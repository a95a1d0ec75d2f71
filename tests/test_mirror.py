"""tests/ mirrors the modules: what ``passes/verify.py`` does is tested in ``tests/passes/test_verify.py``.

The tests of a module may be in several files, ``test_verify_<what>.py``. Those of a whole room (``__init__.py``) are in
``test_<room>.py``, in the room or beside it. At the top of tests/, those of the whole compiler stand too.
"""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).parent
PACKAGE = TESTS.parent / "compiler" / "specc"

EXEMPT = {
    "archive/native": "an exception, which test_network sees raised",
    "backends/pictures/engine/light": "colours, which test_theme measures",
    "diagnostics/codes": "a table, which test_pages and test_invalid compare with the pages and the examples",
    "layers/weight_arguments": "fields alone, which every layer with a kernel or a bias is compared with Keras by",
    "passes/expansion/scopes": "data that expansion hands to wiring; both are tested with it",
}
"""Modules without tests of their own, and why."""

STEPS = {
    "importing/fold": "steps on one structure, which only a whole spec shows to be right: test_fold compares models"
}
"""Rooms that are tested as a whole, and why."""

WHOLE_ROOM = {
    "browser/test_page": "the page of backends/pictures in Chromium, which no other room needs",
    "browser/test_page_moving": "the page of backends/pictures in Chromium",
    "browser/test_page_live": "the page as viewer serves it, in Chromium",
    "layers/test_every_layer": "every layer type, predicted and trained as check says",
    "layers/test_soundness": "what check accepts of drawn layers, run",
    "layers/test_strings_and_ragged": "strings and ragged tensors into every layer type",
    "operations/test_agreement": "every operation with drawn arguments against Keras",
    "operations/test_examples": "every operation's example against Keras",
    "operations/test_runs": "every operation in a model that runs",
    "browser/test_pictures": "every spec's picture as a browser sets it",
    "std/test_blocks": "specc's own blocks, which are data of the package",
    "editors/test_editors": "the JSON Schema in language servers; the package has no such room",
}
"""Tests that compare all of a room with something, and belong to none of its modules."""


def names(folder: Path, pattern: str) -> set[str]:
    """The paths of a folder's files, without their endings."""
    return {path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob(pattern)}


def split(name: str) -> tuple[str, str]:
    """A path's room and its last step; the room of a file at the top is ``.``."""
    room, _, last = name.rpartition("/")
    return room or ".", last


SCRIPTS = names(PACKAGE, "engine/*.js")
MODULES = {name for name in names(PACKAGE, "*.py") if split(name)[1] != "__init__"} | SCRIPTS
ROOMS = {split(name)[0] for name in names(PACKAGE, "__init__.py")}
TEST_FILES = names(TESTS, "test_*.py")


def owner(test: str) -> str | None:
    """The module or the room that a test file is of: the longest name that its own begins with."""
    room, last = split(test)
    begun = [name for name in MODULES if split(name)[0] == room and f"{last}_".startswith(f"test_{split(name)[1]}_")]
    if begun:
        return max(begun, key=len)
    return room if room in ROOMS and last == f"test_{split(room)[1]}" else None


def test_every_module_has_tests_of_its_name() -> None:
    untested = MODULES - set(map(owner, TEST_FILES))
    assert {name for name in untested if split(name)[0] not in STEPS} == set(EXEMPT)
    assert set(STEPS) <= set(map(owner, TEST_FILES))


def test_every_test_file_in_a_room_is_of_a_module_or_of_the_room() -> None:
    strangers = {name for name in TEST_FILES if split(name)[0] != "." and owner(name) is None}
    assert strangers == set(WHOLE_ROOM)
