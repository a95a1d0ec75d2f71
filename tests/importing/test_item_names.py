"""Names of layers as names of items; the examples in the module say the rest."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from specc.frontend.names import is_model_name
from specc.importing.item_names import distinct, distinct_of, item_name, model_name

NAMES = st.lists(st.text("ab._- é/", max_size=3), unique=True)


@given(NAMES)
@settings(max_examples=100, derandomize=True, deadline=None)
def test_names_stay_apart_and_right_ones_stay(names: list[str]) -> None:
    found = distinct(names)
    assert list(found) == names
    assert len(set(found.values())) == len(names)
    assert all(item_name(it) == it for it in found.values())
    assert all(found[name] == name for name in names if item_name(name) == name)
    assert all(is_model_name(model_name(name)) for name in names)
    again = list(distinct_of(names + names))
    assert len(set(again)) == len(again)
