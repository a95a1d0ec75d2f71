"""What is meant by parts that no formula has: each help is applied, and what it makes is accepted."""

from __future__ import annotations

import pytest

from specc.formulas.lower import lower
from specc.formulas.meant import FORMS
from specc.formulas.scope import Around
from tests.support.formulas import applied, problem

VALUES = {"n": 2, "rate": 0.5, "sizes": [1, 2]}
AROUND = Around({"x", "y", "z", "q", "sum", "block", "class", "my-item", "lambda"}, {"q"}, {"block"})

KEPT = [
    "x.state_h + x.1", "block.shape * block.T", "class * 2", "concatenate(q[*])", "stack(q[*].state_h)", "q[0] + q[-1]",
    "x[..., None] * x[None]", "x[:, ::-1] + x[:, 3:1:-1] + x[1::2]", "x ** $n + $rate ** y", "x ** -1", "-7 // 2 * x",
    "x & y > 0", "~x > 0", "top_k(x, 2).values + top_k(x, k=2)[0]", "x[:, :$n] + x[:, $n] + x[$n - 1, -$n]", "sum(x, axis=1)", "x * True", "- -x", "split(x, 2)[0] + 1", "(x > 0) * 2",
]  # fmt: skip
"""What Keras's tensors and Python read in the same way."""

MEANT = {
    # Words and numbers
    "where(true, x, 0)": ("true", "where(True, x, 0)"), "x * pi": ("pi", "x * $(pi)"), "x * np.pi": ("np.pi", "x * $(pi)"),
    "x * e": ("e", "x * $(exp(1))"), "where(x > 0, x, -inf)": ("inf", "where(x > 0, x, -1e9)"), "x * n": ("n", "x * $n"),
    "x * ${n}": ("${n}", "x * $n"), "x * {{ n }}": ("{{ n }}", "x * $n"), 'x + "y"': ('"y"', "x + y"), "f'{x}' * 2": ("f'{x}'", "x * 2"),
    # Shapes, attributes, methods
    "x / sqrt(x.shape[-1])": ("x.shape[-1]", "x / sqrt($(shape(x)[-1]))"), "x * shape(x)[1]": ("shape(x)[1]", "x * $(shape(x)[1])"),
    "reshape(x, [-1, tf.shape(x)[1]])": ("tf.shape(x)[1]", "reshape(x, [-1, $(shape(x)[1])])"), "x @ y.T": ("y.T", "x @ transpose(y)"),
    "x.mean()": ("x.mean()", "mean(x)"), "x.sum(1) + 1": ("x.sum(1)", "sum(x, 1) + 1"), "(x * 2).max(axis=1)": ("(x * 2).max(axis=1)", "max(x * 2, axis=1)"),
    "exp(x).sum(axis=1)": ("exp(x).sum(axis=1)", "sum(exp(x), axis=1)"), "x.astype('int32')": ("x.astype('int32')", "cast(x, 'int32')"),
    "x.view(-1, 4)": ("x.view(-1, 4)", "reshape(x, [-1, 4])"), "x.permute(0, 2, 1)": ("x.permute(0, 2, 1)", "transpose(x, [0, 2, 1])"),
    "x.unsqueeze(1)": ("x.unsqueeze(1)", "expand_dims(x, 1)"), "x.flatten()": ("x.flatten()", "reshape(x, [-1, $(prod(shape(x)[1:]))])"),
    # Choices and comparisons
    "x * 2 if x > $n and not y else x": ("x * 2 if x > $n and not y else x", "where((x > $n) & (~y), x * 2, x)"),
    "x and y > 1": ("x and y > 1", "x & (y > 1)"), "x or not y": ("x or not y", "x | (~y)"), "not x > 0": ("not x > 0", "~(x > 0)"),
    "x > 0 & y > 0": ("x > 0 & y > 0", "(x > 0) & (y > 0)"), "0 < x < 1": ("0 < x < 1", "(0 < x) & (x < 1)"),
    "x is not y": ("x is not y", "x != y"), "x in [1, 2]": ("x in [1, 2]", "any(x[..., None] == [1, 2], axis=-1)"),
    "x not in y": ("x not in y", "~any(x[..., None] == y[..., None, :], axis=-1)"),
    # Operators
    "x ^ 2": ("x ^ 2", "x ** 2"), "x << 2": ("x << 2", "left_shift(x, 2)"), "x @ 2": ("x @ 2", "x * 2"),
    "x && y": ("&&", "x & y"), "x > 0 || y > 0": ("x > 0 || y > 0", "(x > 0) | (y > 0)"), "!x": ("!x", "~x"), "x <> y": ("<>", "x != y"),
    "x > 0 ? x : 1": ("x > 0 ? x : 1", "where(x > 0, x, 1)"), "x \u2264 y": ("\u2264", "x <= y"), "x \u00d7 y": ("\u00d7", "x * y"), "\u03c0 * x": ("\u03c0", "$(pi) * x"),
    "x \u2212 y": ("\u2212", "x - y"), "\u221ax + x\u00b2": ("\u221ax + x\u00b2", "sqrt(x) + x**2"), "x \u2227 \u00acy": ("\u2227 \u00acy", "x & (~y)"), "|x|": ("|x|", "abs(x)"),
    "2x": ("2x", "2 * x"), "2 (x + y)": ("2 (x + y)", "2 * (x + y)"), "(x + 1)(y + 2)": ("(x + 1)(y + 2)", "(x + 1) * (y + 2)"), "x y": ("y", "x * y"),
    "x(y)": ("x(y)", "x * (y)"), "x * 01": ("01", "x * 1"), "z = x * 2": ("z = x", "x * 2"), "(z := x + 1) * 2": ("z := x + 1", "(x + 1) * 2"),
    # Brackets and comments
    "(x + y": ("y", "(x + y)"), "x + y)": ("y)", "x + y"), "sum(x, axis=1": ("axis=1", "sum(x, axis=1)"), "sum(x, axis=[1, 2)": ("2)", "sum(x, axis=[1, 2])"),
    "x[:, 1": ("1", "x[:, 1]"), "x] + $n": ("x]", "x + $n"), "x + y  # a sum": ("# a sum", "x + y  "), "x  # one\n + y": ("# one", "x  \n + y"),
    # Indices
    "x[x > 0]": ("x[x > 0]", "where(x > 0, x, 0)"), "x[:, [0, 2]]": ("x[:, [0, 2]]", "take(x, [0, 2], axis=1)"), "x[:, $sizes]": ("x[:, $sizes]", "take(x, $sizes, axis=1)"), "x[..., y]": ("x[..., y]", "take(x, y, axis=-1)"),
    "x[:, np.newaxis]": ("np.newaxis", "x[:, None]"), "x[:, 1:n]": ("n", "x[:, 1:$n]"), "x['state'] * 2": ("x['state']", "x.state * 2"),
    # Functions and their arguments
    "keras.ops.exp(tf.nn.relu(x))": ("keras.ops.exp", "exp(relu(x))"), "F.softmax(x, dim=1)": ("F.softmax", "softmax(x, axis=1)"), "'relu'(x)": ("'relu'(x)", "relu(x)"),
    "tf.reduce_mean(x, 1, keep_dims=True)": ("tf.reduce_mean", "mean(x, 1, keepdims=True)"), "tf.cast(x, tf.float32)": ("tf.cast", "cast(x, 'float32')"),
    "cast(x, float16)": ("float16", "cast(x, 'float16')"), "float(x)": ("float(x)", "cast(x, 'float32')"), "bool(x)": ("bool(x)", "x != 0"), "EXP(x)": ("EXP", "exp(x)"),
    "max(x, y)": ("max(x, y)", "maximum(x, y)"), "max(x, 0)": ("max(x, 0)", "maximum(x, 0)"), "sum(x, y)": ("sum(x, y)", "x + y"), "add(x, y, z)": ("add(x, y, z)", "x + y + z"),
    "concatenate(x, y)": ("concatenate(x, y)", "concatenate([x, y])"), "concatenate([*q])": ("[*q]", "concatenate(q[*])"), "exp(*x)": ("*x", "exp(x)"),
    "sum([a for a in q])": ("sum([a for a in q])", "sum(stack(q[*]), axis=0)"), "concatenate(a for a in q)": ("concatenate(a for a in q)", "concatenate(q[*])"),
    "reshape(x, -1, 4)": ("reshape(x, -1, 4)", "reshape(x, [-1, 4])"), "clip(x, min=0, max=1)": ("min=0", "clip(x, x_min=0, x_max=1)"), "2(x)": ("2(x)", "2 * (x)"),
}  # fmt: skip
"""What is marked in a formula, and the formula that it becomes."""

TOLD = {
    "x.shape": ("x.shape", '"x.shape" is no tensor', "write $(shape(x)[1]), the size of an axis"),
    "len(x)": ("len", 'there is no function "len"', "$(shape(x)[1]) is the size of an axis"),
    "x ^ y": ("x ^ y", '"x ^ y" is not part of the language of formulas', "write a ** b for a power, logical_xor(a, b) for either"),
    "x is None": ("x is None", '"x is None" has a comparison that no tensor has', "a name is always a tensor"),
    "lambda x: x": ("lambda x: x", '"lambda x: x" is not part of the language of formulas', "write what it computes where it is needed"),
    "[a * 2 for a in q]": ("[a * 2 for a in q]", '"[a * 2 for a in q]" is not part of the language of formulas',
                           "a formula has no loops: functions take all elements at once, and stack(q, axis=1) all copies of q"),
    "{'a': x}": ("{'a': x}", "\"{'a': x}\" is not part of the language of formulas", "a formula has no maps; arguments are written as axis=1"),
    "sum(x, **y)": ("**y", "sum takes its arguments by name, not in a map", "write them out: axis=..., keepdims=..."),
    "sum(x, axs=1, of=2)": ("axs=1", 'sum has no argument "axs"', "write axis=1"),
    "exp(y=x)": ("y=x", 'exp has no argument "y"', "it takes no arguments"),
    "exp()": ("exp()", "exp needs 'x'", "it takes x"),
    "where(x > 0, x)": ("where(x > 0, x)", "where needs 'x2'", "it takes condition, x1, x2"),
    "einsum(x, y, 'bi,bj->bij')": ("x", 'einsum: subscripts is a constant, and "x" is a tensor', "it takes subscripts, *operands"),
    "x * [1, y]": ("y", '"y" is a tensor, and a constant is needed here', "stack([a, b], axis=1) makes a tensor of several"),
    "x[0.5]": ("0.5", "an index is an integer, not 0.5", "write a whole number"),
    "q[i]": ("q[i]", "'q' has copies, and \"q[i]\" is none of them", "write its number: q[0]"),
    "x * None": ("None", '"None" is no tensor', "write a name or a number"),
    "x * 1e400": ("1e400", '"1e400" is too large', "floats go to 1.7e308"),
    "x if y": ("x if y", 'the formula "x if y" is not complete or has a stray character', "write where(condition, a, b)"),
    "x +": ("x +", 'the formula "x +" is not complete or has a stray character', FORMS),
    "(x +": ("(", '"(" has no counterpart', "every ( and [ is closed once; in YAML's flow style {...}, quote a formula that has a comma or a bracket: "
                'formula: "sum(x, axis=1)"'),
    "lambda * 2": ("lambda", "the name 'lambda' cannot stand in a formula: it is a word of Python", "name the item lambda_, or use it in an Identity of such a name"),
    "my-item * 2": ("my-item", "the name 'my-item' cannot stand in a formula, where - is minus", "name the item my_item, or use it in an Identity of such a name"),
    " ": (" ", "the formula is empty", "write what it computes, such as x * 2 + y"),
}  # fmt: skip
"""What is marked, the message and the help of what has no certain fix."""


@pytest.mark.parametrize("text", KEPT)
def test_it_is_accepted(text: str) -> None:
    assert lower(text, VALUES, AROUND).steps


@pytest.mark.parametrize("text", MEANT)
def test_what_is_meant_is_accepted(text: str) -> None:
    marked, meant = MEANT[text]
    found = problem(text, VALUES, AROUND)
    assert found.within is not None
    assert text[slice(*found.within)] == marked
    assert applied(text, VALUES, AROUND) == meant
    assert (found.help or "").startswith(("write ", "remove "))


@pytest.mark.parametrize("text", TOLD)
def test_what_is_told(text: str) -> None:
    found = problem(text, VALUES, AROUND)
    assert found.within is not None
    assert (text[slice(*found.within)], found.message, found.help) == TOLD[text]
