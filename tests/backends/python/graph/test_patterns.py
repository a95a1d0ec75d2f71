"""Which instances and nested models share a function, what it takes, and what each hands to it."""

from __future__ import annotations

from textwrap import dedent

import pytest

import specc
from specc.backends.python.graph.parts import Style
from specc.backends.python.graph.patterns import Patterns
from tests.support.checking import spec

SPECS: dict[str, tuple[str, Style, str]] = {
    "values that differ are parameters, called as the block calls them": ("""
        blocks:
          conv:
            args: {filters: 4, size: 3, rate: 0.5}
            inputs: [x]
            layers:
              - {type: Conv1D, name: c, filters: $filters, kernel_size: $size, padding: same}
              - {type: Dropout, name: drop, rate: $(rate / 2)}
            outputs: [drop]
        layers:
          - {type: Input, name: x, shape: [8, 2]}
          - {type: conv, name: first}
          - {type: conv, name: second, filters: 6, rate: 0.2}
        """, "tensors", """
        conv(x, filters, drop_rate) -> drop
          first: filters=4, drop_rate=0.25
          second: filters=6, drop_rate=0.1
        """),
    "equal values of several layers are one parameter": ("""
        blocks:
          b: {args: {n: 3}, inputs: [x], layers: [{type: Dense, name: p, units: $n}, {type: Dense, name: q, units: $n}], outputs: [q]}
          c: {args: {n: 3}, inputs: [x], layers: [{type: Dense, name: p, units: $(n + 1)}, {type: Dense, name: q, units: $(2 * n)}], outputs: [q]}
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: b, name: b1}
          - {type: b, name: b2, n: 4}
          - {type: c, name: c1}
          - {type: c, name: c2, n: 4}
        """, "tensors", """
        b(x, n) -> q
          b1: n=3
          b2: n=4
        c(x, p_units, q_units) -> q
          c1: p_units=4, q_units=6
          c2: p_units=5, q_units=8
        """),
    "another structure is another function, called by what sets it apart": ("""
        blocks:
          residual:
            args: {project: false}
            inputs: [x]
            layers:
              - {type: Dense, name: main, units: 4, from: x}
              - {type: Dense, name: way, units: 4, from: x, when: $project}
              - {type: Add, name: sum, from: [main, way]}
            outputs: [sum]
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: residual, name: a, repeat: 2}
          - {type: residual, name: b, project: true, repeat: 2}
        """, "tensors", """
        residual(x) -> sum
          a_1
          a_2
        residual_project(x) -> sum
          b_1
          b_2
        """),
    "all outputs that any of them gives, and inputs by the block's names": ("""
        blocks:
          two:
            inputs: [left, right]
            layers: [{type: Dense, name: p, units: 4, from: right}, {type: Add, name: q, from: [left, p]}]
            outputs: {sum: q, part: p}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: Input, name: z, shape: [4]}
          - {type: two, name: a, from: [x, z]}
          - {type: two, name: b, from: [a, x]}
          - {type: two, name: c, from: [b.sum, b.part]}
        """, "tensors", """
        two(left, right) -> p, q
          a
          b
          c
        """),
    "lists of layers have no inputs": ("""
        blocks:
          pair: {args: {n: 2}, inputs: [x], layers: [{type: Dense, name: d, units: $n}, {type: ReLU, name: r}], outputs: [r]}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: pair, name: p, n: $(index + 1), repeat: 3}
        """, "list", """
        pair(n) -> r
          p_1: n=1
          p_2: n=2
          p_3: n=3
        """),
    "a nested model is a function, also alone; a block that is used once is none": ("""
        blocks:
          inner: {args: {n: 2}, inputs: [x], layers: [{type: Dense, name: d, units: $n}], outputs: [d]}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: inner, name: model, nested: true}
          - {type: inner, name: once}
        """, "tensors", """
        inner()
          inner
        """),
    "the functions' names are free ones": ("""
        blocks:
          keras: {args: {lambda: 2}, inputs: [def], layers: [{type: Dense, name: d, units: $lambda}], outputs: [d]}
          build_model: {inputs: [name], layers: [{type: ReLU, name: r}], outputs: [r]}
        layers:
          - {type: Input, name: x, shape: [4]}
          - {type: keras, name: p}
          - {type: keras, name: q, lambda: 3}
          - {type: build_model, name: r, repeat: 2}
        """, "tensors", """
        keras_(def_, lambda_) -> d
          p: lambda_=2
          q: lambda_=3
        build_model_out(name_out) -> r
          r_1
          r_2
        """),
}  # fmt: skip


def shown(text: str, style: Style) -> str:
    """Each function, and below it its calls with what they hand to its parameters."""
    patterns = Patterns(specc.compile(spec(text)), style, {"build_model"})
    lines = []
    for pattern in patterns.functions:
        inputs = [name for _, name in pattern.inputs]
        outputs = ", ".join(name if port == 0 else f"{name}:{port}" for name, port in pattern.outputs)
        lines.append(f"{pattern.function}({', '.join([*inputs, *pattern.parameters])}) -> {outputs}".rstrip(" ->"))
        for part in pattern.parts:
            values = (
                f"{name}={value.text}"
                for name, value in zip(pattern.parameters, pattern.arguments.get(part, ()), strict=True)
            )
            lines.append(f"  {part.name or part.block}: {', '.join(values)}".rstrip(" :"))
    return "\n".join(lines)


@pytest.mark.parametrize(("text", "style", "expected"), SPECS.values(), ids=SPECS)
def test_functions(text: str, style: Style, expected: str) -> None:
    assert shown(text, style) == dedent(expected).strip()
