"""Keys of items whose names have one form."""

from __future__ import annotations

import pytest

from specc.backends.python.reading.expressions import Unwritable
from specc.backends.python.reading.keys import Form, Key, Slot, form_of, written

ROW, COLUMN, NAME = Slot("row", int), Slot("n - 1", int), Slot("name", str)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ([("x_0_0",), ("x_", ROW, "_0"), ("x_", ROW, "_", COLUMN)], ["0, 0", "row, 0", "row, n - 1"]),
        ([("emb_", NAME), ("emb_age",), ("emb_", NAME)], ["name", '"age"', "name"]),
        ([(NAME, "_out"), ("end_out",)], ["name", '"end"']),
        ([(NAME,), ("age",)], ["name", '"age"']),
        ([("emb_", NAME), (NAME,)], ['f"emb_{name}"', "name"]),  # one is a whole name, the other a part
        ([("x_", ROW), ("x_01",)], ['f"x_{row}"', '"x_01"']),  # no number that a value is written as
        ([("x_", ROW, COLUMN), ("x_12",)], ['f"x_{row}{n - 1}"', '"x_12"']),  # 1 and 2, or 12
        ([(NAME, "_", NAME), ("a_b",)], ['f"{name}_{name}"', '"a_b"']),  # a name may have the sign between them in it
        ([("{", ROW, "}"), ("{1}",)], ["row", "1"]),
    ],
)
def test_keys(keys: list[tuple[str | Slot, ...]], expected: list[str]) -> None:
    given = [Key(pieces) for pieces in keys]
    form = form_of(given)
    assert [written(key, form) for key in given] == expected


def test_braces_of_a_whole_name() -> None:
    assert Key(("{", ROW, "}")).name == 'f"{{{row}}}"'
    with pytest.raises(Unwritable):
        _ = Key(("x_", Slot('names["a"]', str))).name


def test_a_form() -> None:
    assert form_of([Key(("x_", ROW))]) == Form(("x_", ""), int)
