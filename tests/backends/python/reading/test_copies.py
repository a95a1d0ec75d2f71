"""What differs between the copies of an item."""

from __future__ import annotations

import pytest

from specc.backends.python.reading.copies import stem, values_of_copies
from specc.backends.python.reading.expressions import Unwritable
from specc.frontend.items import Item


def test_values() -> None:
    """The values of the scope, those of its lists, and the index."""
    item = Item(type="Dense", each={"units": "$sizes", "of": ["a", "b"]})
    values = {"sizes": [3, 5]}
    assert values_of_copies(item, values) == [
        {**values, "units": 3, "of": "a", "index": 0},
        {**values, "units": 5, "of": "b", "index": 1},
    ]
    assert values_of_copies(Item(type="Dense", repeat="$n"), {"n": 1}) == [{"n": 1, "index": 0}]
    assert values_of_copies(Item(type="Dense"), values) == [values]
    with pytest.raises(Unwritable):
        values_of_copies(Item(type="Dense", each={"units": "$n"}), {"n": 1})


@pytest.mark.parametrize(("name", "expected"), [("emb_$(c)", "emb"), ("$c", "dense"), ("$(a)_to_$(b)", "to")])
def test_stem(name: str, expected: str) -> None:
    assert stem(Item(type="Dense", name=name)) == expected
