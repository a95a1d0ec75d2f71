"""What the operators and functions of expressions give, and which operands they take."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.expressions import check_computed, check_refused

COMPUTED: dict[str, Any] = {
    "$(1 + 2 * 3)": 7,
    "$((1 + 2) * 3)": 9,
    "$(7 // 2)": 3,
    "$(7 / 2)": 3.5,
    "$(-7 // 2)": -4,
    "$(7 % 4)": 3,
    "$(2 ** 10)": 1024,
    "$(2 ** -1)": 0.5,
    "$(width * 2)": 128,
    "$(width / 2)": 32.0,
    "$(1.5 + 1)": 2.5,
    "$(1 < 2)": True,
    "$(1 < 2 < 3)": True,
    "$(1 < 2 > 3)": False,
    "$(1 == 1.0)": True,
    "$(name != 'wide')": False,
    "$(2 in sizes)": True,
    "$(9 not in sizes)": True,
    "$('i' in name)": True,
    "$('left' in sides)": True,
    "$(sizes + [4])": [1, 2, 3, 4],
    "$([0] * 3)": [0, 0, 0],
    "$('a' + name)": "awide",
    "$(min(1, 2))": 1,
    "$(max(sizes))": 3,
    "$(round(2.6))": 3,
    "$(round(2.345, 2))": 2.35,
    "$(int(2.9))": 2,
    "$(int('12'))": 12,
    "$(len(sizes))": 3,
    "$(len(name))": 4,
    "$(range(3))": [0, 1, 2],
    "$(range(1, 7, 2))": [1, 3, 5],
    "$(range(0))": [],
    "$(min([3, width]))": 3,
    "$(int(width * 0.5))": 32,
    "$(abs(-3))": 3,
    "$(abs(-0.5))": 0.5,
    "$(sum(sizes))": 6,
    "$(sum([]))": 0,
    "$(sum(size > 1 for size in sizes))": 2,
    "$(floor(-0.5))": -1,
    "$(ceil(width / 3))": 22,
    "$(sqrt(width))": 8.0,
    "$(exp(0))": 1.0,
    "$(log(1))": 0.0,
    "$(log(8, 2))": 3.0,
    "$(log2(width))": 6.0,
    "$(str(width) + name)": "64wide",
}


@pytest.mark.parametrize("text", COMPUTED)
def test_computed(text: str) -> None:
    check_computed(text, COMPUTED[text])


REFUSED: dict[str, tuple[str, str]] = {  # message, and what is marked
    "$(width / zero)": ('"width / zero" divides by zero', "width / zero"),
    "$(1 % 0)": ('"1 % 0" divides by zero', "1 % 0"),
    "$(0 ** -1)": ('"0 ** -1" divides by zero', "0 ** -1"),
    "$(9**9**9)": ('the result of "9**9**9" is too large', "9**9**9"),
    "$(2 ** 63)": ('the result of "2 ** 63" is too large', "2 ** 63"),
    "$(big + big)": ('the result of "big + big" is too large', "big + big"),
    "$(-big - big - 5)": ('the result of "-big - big" is too large', "-big - big"),
    "$(1e308 * 10)": ('the result of "1e308 * 10" is too large', "1e308 * 10"),
    "$(10.0 ** 400)": ('the result of "10.0 ** 400" is too large', "10.0 ** 400"),
    "$(1e999)": ('the result of "1e999" is too large', "1e999"),
    "$(99999999999999999999)": ('the result of "99999999999999999999" is too large', "99999999999999999999"),
    "$(round(rate, 10 ** 9))": ('the result of "round(rate, 10 ** 9)" is too large', "round(rate, 10 ** 9)"),
    "$([0] * 1000000)": ('the result of "[0] * 1000000" is too large', "[0] * 1000000"),
    "$(range(10 ** 9))": ('the result of "range(10 ** 9)" is too large', "range(10 ** 9)"),
    "$('a' * 1000000)": ('* cannot be applied to "a" and 1000000', "'a' * 1000000"),
    "$(width + name)": ('+ cannot be applied to 64 and "wide"', "width + name"),
    "$(deep + 1)": ("+ cannot be applied to true and 1", "deep + 1"),
    "$(name < 1)": ('< cannot be applied to "wide" and 1', "name < 1"),
    "$(1 in 2)": ("in cannot be applied to 1 and 2", "1 in 2"),
    "$(min())": ("min cannot be applied to ()", "min()"),
    "$(max([]))": ("max cannot be applied to ([])", "max([])"),
    "$(len(3))": ("len cannot be applied to (3)", "len(3)"),
    "$(int('x'))": ('int cannot be applied to ("x")', "int('x')"),
    "$(range(1, 2, 0))": ("range cannot be applied to (1, 2, 0)", "range(1, 2, 0)"),
    "$(sum(sizes, sizes))": ("sum cannot be applied to ([1, 2, 3], [1, 2, 3])", "sum(sizes, sizes)"),
    "$(sum(texts))": ('sum cannot be applied to (["a", "b"])', "sum(texts)"),
    "$(sum([big, big]))": ('the result of "sum([big, big])" is too large', "sum([big, big])"),
    "$(abs(name))": ('abs cannot be applied to ("wide")', "abs(name)"),
    "$(ceil(1e308))": ('the result of "ceil(1e308)" is too large', "ceil(1e308)"),
    "$(sqrt(-1))": ("sqrt cannot be applied to (-1)", "sqrt(-1)"),
    "$(exp(1000))": ('the result of "exp(1000)" is too large', "exp(1000)"),
    "$(log(0))": ("log cannot be applied to (0)", "log(0)"),
    "$(log(2, 1))": ("log cannot be applied to (2, 1)", "log(2, 1)"),
    "$(log2(zero))": ("log2 cannot be applied to (0)", "log2(zero)"),
    "$(str(rate))": ("str cannot be applied to (0.5)", "str(rate)"),
    "$(range(0.5))": ("range cannot be applied to (0.5)", "range(0.5)"),
}


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text: str) -> None:
    check_refused(text, *REFUSED[text])
