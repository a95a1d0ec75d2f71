"""Other names for the layers of a file, and what to write where names differ."""

from __future__ import annotations

import pytest

from specc.archive.weights.fitting import Fit, Misfit, Wanted, aliases, hint
from specc.archive.weights.tree import Held, Member


def layer(label: str, size: int = 3) -> Member:
    return Member(label, f"layers/{label}", "", {"vars/0": Held((size,))})


@pytest.mark.parametrize(("old", "new", "made"), [
    ("enc/a", "first", {"enc/a": "first"}),
    ("enc", "body", {"enc/a": "body.a", "enc/b.c": "body.b.c"}),
    ("enc/b", "deep", {"enc/b.c": "deep/c"}),
    ("en", "body", {}),
    ("encoder_", "body.", {"encoder_a": "body.a"}),
    ("enc/", "", {"enc/a": "a", "enc/b.c": "b.c"}),
])  # fmt: skip
def test_other_names(old: str, new: str, made: dict[str, str]) -> None:
    """What separates the names is as the spec has it."""
    found = [layer("enc/a"), layer("enc/b.c"), layer("encoder_a")]
    assert aliases(found, old, new, ["body.a", "body.b.c", "deep/c", "first"]) == made


@pytest.mark.parametrize(("missing", "unused", "said"), [
    (["top"], ["head"], "write --weights-map head=top"),
    (["body.a", "body.b"], ["enc/a", "enc/b"], "write --weights-map enc=body"),
    (["body.a", "body.b"], ["enc/a", "enc/b", "enc/c"], "write --weights-map enc/a=body.a --weights-map enc/b=body.b"),
    (["body.a", "body.b", "y"], ["a", "b"], "for 'body' alone, write --weights body=old.keras"),
    (["body/a", "body/b"], ["a"], "for 'body' alone, write --weights body=old.keras"),
    (["one", "two"], ["a", "b"], ""),
    (["one"], [], ""),
])  # fmt: skip
def test_what_to_write(missing: list[str], unused: list[str], said: str) -> None:
    wanted = [Wanted(it, it.label, it.path) for it in map(layer, missing)]
    misfits = [*(Misfit(it, None) for it in wanted), *(Misfit(None, layer(it)) for it in unused)]
    assert hint(Fit([], misfits), "old.keras") == said
    both = Fit([(Wanted(layer("x"), "x", None), layer("x"))], misfits)
    assert hint(both, "old.keras").endswith(
        "alone, write --weights body=old.keras" if "alone" in said else "--partial loads what fits"
    )
