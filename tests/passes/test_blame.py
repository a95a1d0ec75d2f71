"""A wrong value is told once, where it is given; what an alias repeats, where the alias stands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

import specc
from specc.diagnostics.text import in_order
from tests.support.checking import said, spec
from tests.support.command import specc as command

USES = """layers:
- {type: Input, name: x, shape: [8]}
- {type: Dense, name: a, units: $width}
- {type: Dense, name: b, units: $(width)}
- {type: Dense, name: c, units: $(width * 2)}
"""
MUST = "argument-value: 'a' (Dense): units must be a positive integer, not "


def test_a_wrong_var() -> None:
    text = f'vars: {{width: "16"}}\n{USES}'
    assert said(text) == [f'1:15 {MUST}"16"']
    (found,) = specc.check(spec(text))
    assert found.help == "write 16 without quotes"
    assert [(it.message, it.place.span.line) for it in found.related] == [("used here", line) for line in (4, 5, 6)]


@pytest.mark.parametrize(("before", "choices", "expected"), [
    ("vars: {width: 16}\nvariants: {v: {width: wide}}\n", {"variant": "v"}, f'2:23 {MUST}"wide"'),
    ("vars: {width: $base, base: no}\n", {}, f'1:28 {MUST}"no"'),
    ("vars: {width: 16}\n", {"set": {"width": 100.0}}, f"1:1 {MUST}100.0"),
])  # fmt: skip
def test_wherever_it_is_given(before: str, choices: dict[str, object], expected: str) -> None:
    assert said(before + USES, **choices) == [expected]


def test_an_option(tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(f"vars: {{width: 16}}\n{USES}")
    check = ("check", "spec.yaml", "--set", "width=1e2")
    assert command(*check, folder=tmp_path).out == (
        f"error[argument-value]: {MUST.partition(': ')[2]}100.0\n"
        " --> --set width:1:1\n"
        "1 | 1e2\n"
        "  | ^^^\n"
        "4 | - {type: Dense, name: a, units: $width}       used here (spec.yaml:4)\n"
        "5 | - {type: Dense, name: b, units: $(width)}     used here (spec.yaml:5)\n"
        "6 | - {type: Dense, name: c, units: $(width *...  used here (spec.yaml:6)\n"
        "  = help: write 100\n\n"
    )
    found = json.loads(command(*check, "--format", "json", folder=tmp_path).out)
    assert (found["file"], found["line"], found["column"], found["path"]) == ("--set width", 1, 1, [])
    assert [it["file"] for it in found["related"]] == ["spec.yaml"] * 3
    assert "file=--set width,line=1" in command(*check, "--format", "github", folder=tmp_path).out


@pytest.mark.parametrize(("given", "expected"), [
    ("x", ["1:1 invalid-value: 'h': repeat must be an integer of 0 or more, not \"x\""]),
    ("2.5", ["1:1 invalid-value: 'h': repeat must be an integer of 0 or more, not 2.5"]),
])  # fmt: skip
def test_formulas_of_several_values(given: str, expected: list[str]) -> None:
    text = """
vars: {depth: 2, base: 8}
layers:
  - {type: Input, name: x, shape: [8]}
  - {type: Dense, name: h, units: 8, repeat: $depth}
  - {type: Dense, name: y, units: $(base * 2 ** depth)}
"""
    assert said(text, set={"depth": yaml.safe_load(given)}) == expected


@pytest.mark.parametrize("wrong", ['"64"', "[64]"])
def test_the_one_value_of_a_formula_that_is_no_number(wrong: str) -> None:
    (found,) = specc.check(
        spec(f"""
vars: {{width: {wrong}, more: 2}}
layers:
  - {{type: Input, name: x, shape: [8]}}
  - {{type: Dense, units: $(width + more)}}
  - {{type: Dense, name: y, units: $(more + width)}}
""")
    )
    assert found.path == ("vars", "width")
    assert [it.place.path for it in found.related] == [("layers", 1, "units"), ("layers", 2, "units")]


def test_an_argument_of_a_block() -> None:
    assert said("""
        blocks:
          b:
            args: {units: null, twice: $(units * 2)}
            inputs: [x]
            layers:
              - {type: Dense, name: d, units: $units}
              - {type: Dense, name: e, units: $units}
            outputs: [e]
        vars: {w: "3"}
        layers:
          - {type: Input, name: x, shape: [8]}
          - {type: b, name: i, units: 1.5, twice: 1}
          - {type: b, name: j, units: $w, twice: 1}
          - {type: b, name: k, units: $w, twice: 1, nested: true}
    """) == [
        "9:11 argument-value: 'j.d' (Dense): units must be a positive integer, not \"3\"",
        "12:31 argument-value: 'i.d' (Dense): units must be a positive integer, not 1.5",
    ]


def test_a_var_that_is_right_elsewhere() -> None:
    assert said("""
        vars: {f: relu}
        layers:
          - {type: Input, name: x, shape: [8]}
          - {type: Dense, name: a, units: 3, activation: $f}
          - {type: Dense, name: b, units: $f}
    """) == ["5:35 argument-value: 'b' (Dense): units must be a positive integer, not \"relu\""]


def test_an_expression_that_is_wrong_itself() -> None:
    assert said("""
        vars: {w: 8}
        layers:
          - {type: Input, name: x, shape: [8]}
          - {type: Dense, name: a, units: $(w / 0)}
          - {type: Dense, name: b, units: $(w / 0)}
    """) == [
        "4:37 expression: 'a' (Dense): \"w / 0\" divides by zero",
        "5:37 expression: 'b' (Dense): \"w / 0\" divides by zero",
    ]


def test_several_values_are_none_s_fault() -> None:
    assert said("""
        vars: {a: 1.5, b: 2}
        layers:
          - {type: Input, name: x, shape: [8]}
          - {type: Dense, name: d, units: $(a * b + 0.1)}
    """) == ["4:35 argument-value: 'd' (Dense): units must be a positive integer, not 3.1"]


def test_an_alias_stands_where_it_is_written() -> None:
    assert said("""
        layers:
          - {type: Input, name: x, shape: [8]}
          - &d {type: Dense, name: d, units: 3}
          - *d
    """) == ["4:5 duplicate-name: the name 'd' is taken by another layer"]
    assert said("""
        layers:
          - {type: Input, name: x, shape: &s [8, 0]}
          - &d {type: Dense, units: a}
          - *d
          - {type: Reshape, target_shape: *s}
    """) == [
        "2:42 argument-value: 'x' (Input): shape must be a list of at most 8 sizes, each null or from 1 to 2^31 - 1, not [8, 0]",
        "3:29 argument-value: 'dense' (Dense): units must be a positive integer, not \"a\"",
        "5:35 argument-value: 'reshape' (Reshape): target_shape must be a list of positive integers without the batch axis, "
        "where one may be -1 for what is left, not [8, 0]",
    ]


@pytest.mark.parametrize(("written", "place", "help"), [
    ("$(width * 1.5)", "4:26", "write $(int(width * 1.5)) or $(round(width * 1.5)); // makes an integer of integers only"),
    ("$(width) * 2", "4:26", "write $(width * 2), the value"),
    ("2*$width", "4:26", "write $(2 * width), the value"),
    ("$$width", "4:26", "write $width, the value"),
    ("$vars.width", "4:26", "write $width"),
    ("$(width * 2", "4:26", "write $(width * 2)"),
])  # fmt: skip
def test_a_formula_of_a_number_that_is_right(written: str, place: str, help: str) -> None:
    text = f"""vars: {{width: 16}}
layers:
  - {{type: Input, name: x, shape: [3]}}
  - {{type: Dense, units: {written}}}
"""
    (found,) = specc.check(spec(text))
    assert (f"{found.line}:{found.column}", found.help) == (place, help)


@pytest.mark.parametrize(("item", "expected"), [
    ("{type: Dense, name: c, units: $u, each: {u: [3, 0, -1]}}", [(("each", "u", 1), "0"), (("each", "u", 2), "-1")]),
    ("{type: Dense, name: c, units: $(u * 2), each: {u: [3, '8']}}", [(("each", "u", 1), "'8'")]),
    ("{type: Dense, name: c, units: 3, activation: $a, each: {a: [relu, tahn]}}", [(("each", "a", 1), "tahn")]),
    ("{type: Dense, name: c, units: $(16 * w), each: {w: [0.5, 0.25]}}", [(("units",), "$(16 * w)")]),
    ("{type: b, name: c, n: $u, each: {u: [3, -1]}}", [(("each", "u", 1), "-1")]),
])  # fmt: skip
def test_a_wrong_value_of_each_is_told_at_its_entry(item: str, expected: list[tuple[tuple[object, ...], str]]) -> None:
    block = "blocks: {b: {args: {n: null}, inputs: [i], layers: [{type: Dense, name: y, units: $n, from: i}], outputs: [y]}}\n"
    items = [
        "{type: Input, name: x, shape: [8]}",
        item,
        "{type: b, name: d, n: 3}",
        "{type: Concatenate, name: z, from: [c, d]}",
    ]
    text = spec(f"{block}layers:\n" + "".join(f"  - {one}\n" for one in items))
    found = [(it.path, text.text.split("\n")[it.line - 1][it.column - 1 :]) for it in specc.check(text)]
    assert [path[2:] for path, _ in found] == [path for path, _ in expected]
    assert all(written.startswith(start) for (_, written), (_, start) in zip(found, expected, strict=True))


def test_a_factor_is_right_and_its_formulas_are_wrong() -> None:
    assert [line.split(" ")[0] for line in said("""
        vars: {width: 0.25}
        layers:
          - {type: Input, name: x, shape: [8]}
          - {type: Dense, units: $(32 * width)}
          - {type: Dense, units: $(64 * width)}
    """)] == ["4:26", "5:26"]  # fmt: skip


SEVERAL = """\
vars: {window: 9, dim: 8, heads: 16, key: $(dim // heads)}
blocks:
  split:
    args: {size: null}
    inputs: [x]
    layers:
      - {type: Dense, name: out, units: $(size // window)}
    outputs: [out]
layers:
  - {type: Input, name: x, shape: [6, 8]}
  - {type: Dense, name: a, units: "$(shape(x)[1] // window)"}
  - {type: Dense, name: b, units: "$(shape(x)[1] // window)", from: x}
  - {type: Dense, name: c, units: $(window - 9 * index), repeat: 2, from: x}
  - {type: MultiHeadAttention, name: d, num_heads: $heads, key_dim: $key, from: {query: x, value: x}}
  - {type: MultiHeadAttention, name: e, num_heads: $heads, key_dim: $key, from: {query: x, value: x}}
  - {type: split, name: f, size: 8, from: x}
"""


def test_of_several_values_the_expression_is_to_blame() -> None:
    """None of them is known to be the wrong one; what they are is shown with it."""
    found = in_order(specc.check(spec(SEVERAL)))
    told = [(it.place.span[:2], it.message, [further.message for further in it.related]) for it in found]
    units, window = "units must be a positive integer, not 0", "with window = 9"
    assert told == [
        ((1, 43), "'d' (MultiHeadAttention): key_dim must be a positive integer, not 0", ["used here", "used here", "with dim = 8, heads = 16"]),
        ((7, 41), f"'f.out' (Dense): {units}", ["in 'f' with size = 8", window]),
        ((11, 35), f"'a' (Dense): {units}", [window]),
        ((12, 35), f"'b' (Dense): {units}", [window]),
        ((13, 35), f"'c_2' (Dense): {units}", ["in 'c_2' with index = 1", window]),
    ]  # fmt: skip
