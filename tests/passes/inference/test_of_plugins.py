"""What a plugin's methods return is checked: anything may come."""

from __future__ import annotations

from typing import Any

import pytest

import specc
from specc.arguments.plugged import PluginError
from tests.support import plugin


@pytest.mark.parametrize(("cls", "said"), [
    (plugin.Listing, r"Listing is wrong: the shape of an output is a tuple of sizes and None, not \[None, 4\]"),
    (plugin.Bare, r"Bare is wrong: infer must return a tuple of Tensors, not \(\(None, 4\),\)"),
    (plugin.Double, "Double is wrong: infer must return 1 Tensors, as it has ports, not 2"),
    (plugin.Unsized, r"Unsized is wrong: weights must yield Weights of known sizes, not Weight\(name='w', shape=\(None,"),
])  # fmt: skip
def test_results_that_are_none(cls: Any, said: str) -> None:
    text = f"layers:\n  - {{type: Input, name: x, shape: [4]}}\n  - {cls.__name__}\n"
    with plugin.added(cls), pytest.raises(PluginError, match=said):
        specc.check(specc.Spec.from_text(text))
