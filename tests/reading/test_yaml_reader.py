"""YAML is read as YAML 1.2 core, strictly, and every place in it is known."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from specc.diagnostics import CompileError
from specc.frontend.read import read_text
from specc.reading.mistakes import DEEPEST
from tests.support.reading import data, mistake, refusal

SCALARS: dict[str, Any] = {
    # null
    "": None, "~": None, "null": None, "Null": None, "NULL": None, "nUll": "nUll", "none": "none", "None": "None",
    # booleans: only those of YAML 1.2
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
    "yes": "yes", "no": "no", "on": "on", "off": "off", "y": "y", "n": "n", "Yes": "Yes", "NO": "NO",
    # integers
    "0": 0, "7": 7, "-7": -7, "+7": 7, "010": 10, "-010": -10, "0o17": 15, "0x1F": 31, "0xff": 255,
    "0b11": "0b11", "1_000": "1_000", "1:30": "1:30", "0o8": "0o8", "0xg": "0xg", "-0x1": "-0x1",
    # floats
    "1.5": 1.5, "1.": 1.0, ".5": 0.5, "-.5": -0.5, "1e3": 1000.0, "1e-3": 0.001, "1E+3": 1000.0, "1.5e3": 1500.0,
    "+1.5": 1.5, "1e": "1e", "e3": "e3", ".": ".", "1.2.3": "1.2.3", "..": "..", "-": "-", "1e999": None,
    # what YAML 1.1 makes dates, binaries and merges of
    "2001-01-01": "2001-01-01", "12:30:45": "12:30:45", "=": "=", "<<": "<<",
    # texts
    "abc": "abc", "'1'": "1", '"true"': "true", "'~'": "~", "a b": "a b", "a: b"[:1]: "a", "größe": "größe", "画像": "画像",
    r'"\u00e9\n\x41"': "é\nA", "'it''s'": "it's", r'"\U0001F600"': "😀", "$(a * 2)": "$(a * 2)", "a#b": "a#b",
}  # fmt: skip
del SCALARS["-"], SCALARS["1e999"]  # not a scalar; an error


@pytest.mark.parametrize("text", SCALARS, ids=repr)
def test_core_scalars(text: str) -> None:
    for found in (data(f"a: {text}\n", "yaml")["a"], data(f"- {text}\n", "yaml")[0]):
        assert (found, type(found)) == (SCALARS[text], type(SCALARS[text]))


@pytest.mark.parametrize("text", ["false", "1", "1.5", "null", "~", "0x1"])
def test_keys_are_texts(text: str) -> None:
    assert refusal(f"a: 1\n{text}: 1\n", "yaml") == ("invalid-key", 2, 1)
    assert mistake(f"{text}: 1\n", "yaml").help == f"quote it: '{text}'"
    assert data(f"'{text}': 1\n", "yaml") == {text: 1}


def test_keys_that_only_look_like_more() -> None:
    assert data("yes: 1\non: 2\n1_0: 3\n", "yaml") == {"yes": 1, "on": 2, "1_0": 3}


REFUSED = {
    "duplicate key": ("a: 1\nb: 2\na: 3\n", "duplicate-key", 3, 1),
    "duplicate key in flow": ("{a: 1, b: {c: 1, c: 2}}", "duplicate-key", 1, 18),
    "duplicate key in other quotes": ("a: 1\n'a': 3\n", "duplicate-key", 2, 1),
    "list as key": ("[a]: 1\n", "invalid-key", 1, 1),
    "map as key": ("{a: 1}: 1\n", "invalid-key", 1, 1),
    "alias as key": ("a: &x b\n*x : 1\n", "invalid-key", 2, 1),
    "tag of a scalar": ("a: !!str 1\n", "unsupported-yaml", 1, 4),
    "tag of a map": ("a: !x {b: 1}\n", "unsupported-yaml", 1, 4),
    "tag of a list": ("a: !<tag:x> [1]\n", "unsupported-yaml", 1, 4),
    "tag that makes objects": ("a: !!python/object/apply:os.system [ls]\n", "unsupported-yaml", 1, 4),
    "tag of a key": ("!!str a: 1\n", "unsupported-yaml", 1, 1),
    "bang alone": ("a: ! 1\n", "unsupported-yaml", 1, 4),
    "YAML directive": ("%YAML 1.1\n---\na: 1\n", "unsupported-yaml", 1, 1),
    "TAG directive": ("%TAG ! tag:x,2000:\n---\na: 1\n", "unsupported-yaml", 1, 1),
    "merge key": ("a: &x {b: 1}\nc:\n  <<: *x\n", "unsupported-yaml", 3, 3),
    "merge key of a list": ("<<: [{a: 1}]\n", "unsupported-yaml", 1, 1),
    "two documents": ("a: 1\n---\nb: 1\n", "several-documents", 2, 1),
    "three documents": ("---\na: 1\n...\n---\nb: 1\n", "several-documents", 4, 1),
    "infinity": ("a: .inf\n", "invalid-number", 1, 4),
    "minus infinity": ("a: -.Inf\n", "invalid-number", 1, 4),
    "not a number": ("a: [1, .NaN]\n", "invalid-number", 1, 8),
    "float too large": ("a: 1e999\n", "invalid-number", 1, 4),
    "integer too long": ("a: " + "9" * 5000, "invalid-number", 1, 4),
    "hexadecimal too long": ("a: 0x" + "f" * 5000, "invalid-number", 1, 4),
    "self alias": ("a: &x [*x]\n", "recursive-alias", 1, 8),
    "self alias further down": ("a: &x\n  b:\n    - c: *x\n", "recursive-alias", 3, 10),
    "unknown alias": ("a: *x\n", "unknown-alias", 1, 4),
    "alias before its anchor": ("a: *x\nb: &x 1\n", "unknown-alias", 1, 4),
    "NUL as an escape": ('a: "x\\0y"\n', "invalid-text", 1, 4),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    text, code, line, column = REFUSED[name]
    assert refusal(text, "yaml") == (code, line, column)
    assert mistake(text, "yaml").help


def test_a_duplicate_key_shows_both_places() -> None:
    found = mistake("a:\n  b: 1\n  c: 2\n  b: 3\n", "yaml")
    assert str(CompileError([found])).split("\n")[2:] == [
        " --> spec:4:3",
        "4 |   b: 3",
        "  |   ^",
        "2 |   b: 1  first here",
        "  = help: keep one of the two",
    ]


def test_a_quoted_merge_key_is_a_key() -> None:
    assert data("'<<': {a: 1}\n", "yaml") == {"<<": {"a": 1}}


# -- Anchors and aliases ---------------------------------------------------------------------------


def test_aliases_are_values() -> None:
    text = "a: &x {b: &y [1, 2]}\nc: *x\nd: *y\ne: &z text\nf: [*z, *z]\n"
    assert data(text, "yaml") == {
        "a": {"b": [1, 2]},
        "c": {"b": [1, 2]},
        "d": [1, 2],
        "e": "text",
        "f": ["text", "text"],
    }


def test_an_anchor_can_be_set_again() -> None:
    assert data("- &x 1\n- *x\n- &x 2\n- *x\n", "yaml") == [1, 1, 2, 2]
    assert refusal("- &x 1\n- &x [*x]\n", "yaml") == ("recursive-alias", 2, 7)


@pytest.mark.parametrize("kind", ["[{}]", "{{a: {}}}"])
def test_a_billion_laughs_end_at_once(kind: str) -> None:
    lines = ["a0: &a0 ha"]
    for level in range(1, 30):
        items = (
            ", ".join([f"*a{level - 1}"] * 9) if kind == "[{}]" else f"[*a{level - 1}, *a{level - 1}, *a{level - 1}]"
        )
        lines.append(f"a{level}: &a{level} {kind.format(items)}")
    assert refusal("\n".join(lines), "yaml")[0] == "too-large"


# -- Depth -----------------------------------------------------------------------------------------

DEEP = {
    "flow lists": ("[", "]"),
    "flow maps": ("{a: ", "}"),
    "flow lists, open": ("[", ""),
    "flow maps, open": ("{a: ", ""),
    "block lists": ("- ", ""),
    "question marks": ("? ", ""),
    "flow lists in maps": ("[{a: ", "}]"),
}


@pytest.mark.parametrize("name", DEEP)
@pytest.mark.parametrize("depth", [DEEPEST + 1, 100_000])
def test_depth(name: str, depth: int) -> None:
    opening, closing = DEEP[name]
    assert refusal(f"{opening * depth}1{closing * depth}", "yaml")[0] in ("too-deep", "invalid-key")


def test_the_deepest_is_read() -> None:
    assert data("[" * DEEPEST + "]" * DEEPEST, "yaml") != []
    assert refusal("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), "yaml") == ("too-deep", 1, DEEPEST + 1)


def test_block_depth() -> None:
    text = "\n".join(f"{' ' * level}a:" for level in range(2000))
    assert refusal(text, "yaml") == ("too-deep", DEEPEST + 1, DEEPEST + 1)


@pytest.mark.parametrize("text", ["", "\n", "# nothing", "---\n", "---\n...\n", "\ufeff", "\ufeff# x\n"])
def test_nothing(text: str) -> None:
    assert data(text, "yaml") is None
    assert read_text(text, "spec", "yaml").locate(("layers", 0), "value").line >= 1


# -- Properties ------------------------------------------------------------------------------------

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Z", "S"), exclude_characters="\u2028\u2029")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcé_-", min_size=1), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, derandomize=True, deadline=None)
@given(PLAIN)
def test_what_ruamel_writes_is_read(value: Any) -> None:
    from io import StringIO

    from ruamel.yaml import YAML

    writer = YAML(typ="safe", pure=True)
    stream = StringIO()
    writer.dump({"value": value}, stream)
    assert data(stream.getvalue(), "yaml") == {"value": value}


@settings(max_examples=400, derandomize=True, deadline=None)
@given(st.text(st.sampled_from("ab:-?[]{},&*!|>'\"%@`#\n \t\r0.1~<=\\é\x00\ud800\u2028"), max_size=40))
def test_any_text_gives_data_or_diagnostics(text: str) -> None:
    try:
        document = read_text(text, "spec", "yaml")
    except CompileError as error:
        assert error.diagnostics[0].help
        str(error)
    else:
        paths: list[tuple[Any, tuple[str | int, ...]]] = [(document.data, ())]
        for value, path in paths:
            span = document.locate(path, "value")
            assert 1 <= span.line <= span.end_line <= len(document.source.lines) + 1
            items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
            paths += [(child, (*path, step)) for step, child in items]
            assert len(paths) < 10_000
