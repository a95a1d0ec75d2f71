"""What a few lines would make is counted before it is made; chains are counted, not recursed."""

from __future__ import annotations

import pytest

import specc
from specc.budget import Budget
from tests.support.checking import codes

X = "  - {type: Input, name: x, shape: [4]}\n"
TEN = ", ".join(["$v{0}"] * 10)


def growing(first: str, following: str) -> str:
    """Vars each of which holds the one before it."""
    return f"vars:\n  v0: {first}\n" + "".join(f"  v{n + 1}: {following.format(n)}\n" for n in range(20))


TOO_LARGE = {
    "lists of lists": growing("[1, 1]", f"[{TEN}]") + f"layers:\n{X}  - {{type: Reshape, target_shape: $v20}}\n",
    "maps of maps": growing("{a: 1}", "{a: $v{0}, b: $v{0}, c: $v{0}}".replace("{0}", "<").replace("{", "{{").replace("}", "}}").replace("<", "{0}"))
    + f"layers:\n{X}  - {{type: Dense, units: 3, kernel_initializer: $v20}}\n",
    "texts in texts": growing("'0123456789'", '"' + "$(v{0})" * 10 + '"') + f"layers:\n{X}  - {{type: ReLU, name: $v20}}\n",
    "long formulas": "vars:\n" + "".join(f"  v{n}: $({'-' * 900}1)\n" for n in range(600)) + f"layers:\n{X}  - ReLU\n",
    "very many formulas": "vars:\n  w: 3\n" + "".join(f"  v{n}: $w\n" for n in range(15_000)) + f"layers:\n{X}  - ReLU\n",
    "very many formulas that differ": f"vars: {{a: [{', '.join(f'$({n}+1)' for n in range(20_100))}]}}\nlayers:\n{X}  - ReLU\n",
    "a thousand ranges": "vars:\n" + "".join(f"  v{n}: $(range(9999))\n" for n in range(1000)) + f"layers:\n{X}  - ReLU\n",
    "a long list searched often": "vars:\n  r: $(range(9999))\n" + "".join(f"  v{n}: $(-1 in r)\n" for n in range(1000)) + f"layers:\n{X}  - ReLU\n",
    "copies of a long value": f"vars: {{r: $(range(9000))}}\nlayers:\n{X}  - {{type: Discretization, bin_boundaries: $r, repeat: 2000}}\n",
    "values that say how many copies there are": "blocks:\n  b: {inputs: [x], layers: [{type: ReLU, name: r}], outputs: [r]}\n"
    + f"layers:\n{X}" + "  - {type: b, repeat: $(len(range(9999)) - 9998)}\n" * 200,
    "copies joined again and again": f"layers:\n{X}  - {{type: ReLU, name: d, from: x, each: {{i: $(range(9000))}}}}\n" + "  - {type: Add, from: d}\n" * 900,
    "more copies than the text may have": "layers:\n" + X + "  - {type: ReLU, repeat: 31000}\n" + "#" * 700_000,
    "more layers than the text may have": "layers:\n" + X + "  - ReLU\n" * 101_000,
}  # fmt: skip


@pytest.mark.parametrize("name", TOO_LARGE)
def test_what_would_grow_without_end(name: str) -> None:
    assert codes(TOO_LARGE[name]) == ["too-large"]


def test_layers_that_are_written_need_less_text_than_copies() -> None:
    lines = "  - {type: ReLU}\n" * 100_000
    written, copied = Budget.of(len(lines)), Budget.of(len(lines))
    written.allow_layers(100_000)
    copied.allow_layers(2)
    assert written.most_layers >= 100_000
    assert copied.most_layers == len(lines) // 25 + 1


def test_aliases_of_aliases() -> None:
    rows = "".join(f"  a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 10)}]\n" for n in range(20))
    with pytest.raises(specc.CompileError) as caught:
        specc.Spec.from_text(f"vars:\n  a0: &a0 [1, 1]\n{rows}layers:\n{X}  - ReLU\n")
    assert [diagnostic.code for diagnostic in caught.value.diagnostics] == ["too-large"]


SOUND = {
    "values that stand above those they need": "vars:\n"
    + "".join(f"  v{n}: $v{n + 1}\n" for n in range(5000))
    + f"  v5000: 3\nlayers:\n{X}  - {{type: Dense, units: $v0}}\n",
    "copies that are absent": f"layers:\n{X}  - {{type: ReLU, name: r, repeat: 5000, when: $(index < 3)}}\n  - {{type: ReLU, from: r}}\n",
    "absent items that stand above those they name": "layers:\n"
    + X
    + "  - {type: ReLU, name: y, from: a0}\n"
    + "".join(f"  - {{type: ReLU, name: a{n}, from: a{n + 1}, when: false}}\n" for n in range(5000))
    + "  - {type: ReLU, name: a5000, from: x}\n",
    "thousands of formulas": "vars:\n  v0: 1\n"
    + "".join(f"  v{n + 1}: $(v{n} + 2 * (3 - 2) - 1)\n" for n in range(5000))
    + f"layers:\n{X}  - {{type: Dense, units: $v5000}}\n",
    "a long value of a layer": "vars:\n  r: $(range(2, 9000))\nlayers:\n  - {type: Input, shape: [3], dtype: int32}\n"
    "  - {type: IntegerLookup, vocabulary: $r}\n",
}


@pytest.mark.parametrize("name", SOUND)
def test_what_is_long_and_sound(name: str) -> None:
    assert codes(SOUND[name]) == []


TOO_DEEP = {
    "values that hold each other": "vars:\n  v0: 1\n" + "".join(f"  v{n + 1}: [$v{n}]\n" for n in range(5000)) + f"layers:\n{X}  - ReLU\n",
    "shares that stand above what they share": "layers:\n" + X + "".join(f"  - {{share: d{n + 1}, name: d{n}}}\n" for n in range(5000))
    + "  - {type: Dense, name: d5000, units: 3}\n",
    "blocks in blocks": "blocks:\n  b0: {inputs: [x], layers: [{type: ReLU, name: y}], outputs: [y]}\n"
    + "".join(f"  b{n + 1}: {{inputs: [x], layers: [{{type: b{n}, name: y}}], outputs: [y]}}\n" for n in range(500)) + f"layers:\n{X}  - b500\n",
}  # fmt: skip


@pytest.mark.parametrize("name", TOO_DEEP)
def test_what_is_too_deep(name: str) -> None:
    assert codes(TOO_DEEP[name])[:1] == ["too-deep"]


def test_wrappers_in_wrappers() -> None:
    wrapped = "{type: TimeDistributed, layer: " * 80 + "ReLU" + "}" * 80
    assert codes(f"layers:\n  - {{type: Input, shape: [1, 1, 1]}}\n  - {wrapped}\n") == ["shape-mismatch"]


def test_more_losses_than_outputs() -> None:
    assert codes(f"layers:\n{X}  - {{type: Dense, units: 3}}\ncompile: {{loss: [mse, mse]}}\n") == ["argument-value"]
