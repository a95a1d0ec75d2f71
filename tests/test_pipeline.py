"""The stages in their order: which finds what, when the next one starts, and that they need no recursion of Python's."""

from __future__ import annotations

import sys
import time

import pytest

import specc
from specc.diagnostics import CompileError
from specc.frontend.read import read_text
from specc.pipeline import Spec, check, check_block_file, recursion_limit
from tests.support.checking import said, spec

STAGES = {
    "parse": (
        """
        layers:
          - {type: Input, name: x, shape: [4], from: 3}
          - {type: Dense, name: y, units: 0}
        """,
        [
            "2:46 invalid-value: 'x' (Input): 'from' must be a name, a list of names, or a map of call arguments to these, not 3",
        ],
    ),
    "load": (
        """
        include: [nothing.yaml]
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: y, units: 0}
        """,
        [
            "1:11 include: a spec that is not a file cannot include one",
        ],
    ),
    "blocks and values": (
        """
        blocks: {Dense: {inputs: [i], layers: [{type: ReLU, name: r}], outputs: [r]}}
        vars: {n: $(1 / 0)}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: y, units: 0}
        """,
        [
            "1:10 block-name: 'Dense' is a layer type and cannot name a block",
            "2:13 expression: the value 'n': \"1 / 0\" divides by zero",
        ],
    ),
    "expand, wire, outputs, the whole model": (
        """
        name: $n
        vars: {n: 3}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: y, units: 0}
          - {type: Dense, name: z, units: 1, from: w}
        outputs: [y.score]
        dtype_policy: flaot16
        """,
        [
            "2:11 invalid-name: 3 is not a valid name",
            "5:35 argument-value: 'y' (Dense): units must be a positive integer, not 0",
            "6:44 unknown-name: 'z' (Dense): there is no layer \"w\"",
            '8:15 argument-value: "flaot16" is not a dtype policy',
        ],
    ),
    "verify": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Add, name: a, from: [x, b]}
          - {type: Dense, name: b, units: 4, from: a}
          - {type: Conv2D, name: c, filters: 1, kernel_size: 1, from: x}
        """,
        [
            "3:32 cycle: the layers feed each other in a cycle: 'a' -> 'b' -> 'a'",
        ],
    ),
    "verify and infer, where what is unused hides no shape": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Dense, name: a, units: 4}
          - {type: Conv2D, name: c, filters: 1, kernel_size: 1, from: x}
        outputs: [c]
        """,
        [
            "3:5 unused-layer: 'a' (Dense) leads to no output",
            "4:63 shape-mismatch: 'c' (Conv2D) needs an input of 4 dimensions, got (None, 4) with 2",
        ],
    ),
    "infer": (
        """
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Conv2D, name: c, filters: 1, kernel_size: 1}
        compile: {loss: {d: mse}}
        expect: {params: 3}
        """,
        [
            "3:5 shape-mismatch: 'c' (Conv2D) needs an input of 4 dimensions, got (None, 4) with 2",
        ],
    ),
    "open sizes": (
        """
        layers: [{type: Input, name: x, shape: [8]}, {type: ops.reshape, name: o, newshape: [2, 4]}]
        expect: {params: 3}
        """,
        [
            "1:85 batch-axis: 'o' (ops.reshape) runs for a batch of 1 only: it cannot reshape (batch, 8) to (2, 4)",
        ],
    ),
    "training and contracts": (
        """
        vars: {unused: 1}
        layers: [{type: Input, name: x, shape: [4]}, {type: Dense, name: y, units: 1}]
        compile: {loss: {d: mse}}
        expect: {params: 3}
        """,
        [
            "1:8 unused-var: nothing uses the var 'unused', so changing it has no effect",
            '3:18 unknown-output: loss: the model has no output "d"',
            "4:18 expectation: the model has 5 parameters, where 3 is expected",
        ],
    ),
    "advice, of all stages": (
        """
        vars: {unused: 1}
        layers: [{type: Input, name: x, shape: [4]}, {type: Dense, name: y, units: 1}]
        compile: {optimizer: adam}
        """,
        [
            "1:8 unused-var: nothing uses the var 'unused', so changing it has no effect",
            "3:1 cannot-train: compile has no loss: Keras can predict with the model, but neither train nor evaluate it",
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), STAGES.values(), ids=STAGES)
def test_a_stage_finds_all_that_it_can(text: str, expected: list[str]) -> None:
    assert said(text) == expected


# -- Files of blocks ---------------------------------------------------------------------------------

BLOCKS = """
    vars: {n: 3}
    blocks:
      one: {inputs: [i], layers: [{type: Dense, name: d, units: $n}], outputs: [d]}
      two: {inputs: [i], layers: [{type: one, name: u}], outputs: [u]}
"""


def test_a_file_of_blocks_alone() -> None:
    assert check_block_file(spec(BLOCKS).document) == (["one", "two"], [])
    assert check(spec(BLOCKS)) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("units: $n", "unit: $n", "unknown-argument"),
        ("n: 3", "n: $(1 / 0)", "expression"),
        ("type: one", "type: two", "recursive-block"),
        ("outputs: [u]", "outputs: [v]", "unknown-name"),
    ],
)
def test_what_is_wrong_in_a_file_of_blocks(old: str, new: str, expected: str) -> None:
    with pytest.raises(CompileError) as caught:
        check(spec(BLOCKS.replace(old, new)))
    assert [it.code for it in caught.value.diagnostics] == [expected]


# -- Specs in memory ---------------------------------------------------------------------------------


def test_a_spec_shows_its_name_and_its_text() -> None:
    made = Spec.from_dict({"layers": []})
    assert (repr(made), made.text) == ("<Spec <dict>>", Spec(read_text(made.text, "a", "json")).text)
    assert repr(Spec.from_text("layers: []", "small.yaml")) == "<Spec small.yaml>"


@pytest.mark.parametrize("text", ['{"layers": []}', "layers: [Flatten]", "name: a\nlayers: []\n"])
def test_a_text_in_place_of_a_path(text: str) -> None:
    with pytest.raises(specc.UnreadableError, match=r"is the text of a spec, not a path: use specc\.Spec\.from_text"):
        specc.compile(text)


# -- Size --------------------------------------------------------------------------------------------


def test_python_may_recurse_deeper_for_a_while() -> None:
    before = sys.getrecursionlimit()
    with recursion_limit(before + 1000):
        assert sys.getrecursionlimit() == before + 1000
        with recursion_limit(1):
            assert sys.getrecursionlimit() == before + 1000
    assert sys.getrecursionlimit() == before


X = "layers:\n  - {type: Input, name: x, shape: [3]}\n"


def chain(count: int, item: str) -> str:
    return X + "".join(f"  - {item.format(i=i, after=i + 1)}\n" for i in range(count))


LARGE = {
    "reverse order": "layers:\n" + "".join(f"  - {{type: Dense, name: d{i + 1}, units: 2, from: d{i}}}\n" for i in reversed(range(3000))) + "  - {type: Input, name: d0, shape: [2]}",
    "a wide Add": chain(3000, "{{type: Dense, name: d{i}, units: 2, from: x}}") + "  - {type: Add, from: [" + ", ".join(f"d{i}" for i in range(3000)) + "]}",
    "a wide Concatenate": X + f"  - {{type: Dense, name: d, units: $u, each: {{u: {list(range(1, 3001))}}}}}\n  - Concatenate",
    "absent layers": chain(5000, "{{type: Dense, name: d{i}, units: 2, when: false}}") + "  - ReLU",
    "shares of shares, backwards": chain(3000, "{{share: d{after}, name: d{i}}}") + "  - {type: Dense, name: d3000, units: 3}",
    "unknown names": chain(3000, "{{type: Dense, name: d{i}, units: 2, from: q{i}}}"),
    "unknown types": chain(3000, "{{type: Dens{i}, name: d{i}}}"),
    "a cycle": X + "  - {type: Add, name: a, from: [x, d2999]}\n" + "".join(f"  - {{type: Dense, name: d{i}, units: 3}}\n" for i in range(3000)),
}  # fmt: skip


@pytest.mark.parametrize("text", LARGE.values(), ids=LARGE)
def test_large_specs_take_time_in_proportion(text: str) -> None:
    start = time.process_time()
    specc.check(specc.Spec.from_text(text, "spec.yaml"))
    assert time.process_time() - start < 5  # a tenth of a second each thousand, where what is quadratic took a minute
