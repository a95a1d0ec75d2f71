"""What names of tensors say that they are for."""

from __future__ import annotations

import pytest

from specc.layers.attention_roles import by_role, role

ROLES = {
    "query": "query",
    "q": "query",
    "Wq": "query",
    "encoder.values": "value",
    "v_proj": "value",
    "to_k": "key",
    "hk": "key",
    "keys_2": "key",
    "x": None,
    "sequence": None,
    "monkey": None,
}


@pytest.mark.parametrize("name", ROLES)
def test_role(name: str) -> None:
    assert role(name) == ROLES[name]


@pytest.mark.parametrize(("names", "roles"), [
    (["k", "q", "v"], ["query", "value", "key"]),  # in Keras's order
    (["values", "query"], ["query", "value"]),
    (["q", "queries"], []),
    (["q", "x"], []),
    ([], []),
])  # fmt: skip
def test_roles_of_several(names: list[str], roles: list[str]) -> None:
    found = by_role(names)
    assert list(found) == roles
    assert all(role(name) == one for one, name in found.items())
