"""Random formulas."""

from __future__ import annotations

from specc.shapes import Tensor
from tests.support.random_specs.grown import Grown
from tests.support.random_specs.kinds import Item

BINARY = ("+", "-", "*", "/", "//", "%", "**")
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
UNARY = ("exp", "sin", "abs", "tanh", "relu", "sigmoid", "square", "floor", "softmax", "gelu")
PARTS = ("operators", "comparisons", "logic", "minus", "@", "index", "functions", "constants", "values", "several")
"""What a formula can be asked to have."""


def formula(grown: Grown, name: str, part: str | None = None) -> Item | None:
    """A formula that has, if asked for, one of `PARTS` on top."""
    source = grown.source()
    tensor = grown.tensors[source]
    if tensor.dtype in ("string", "bool") or len(tensor.shape) < 2:
        return None
    writer = _Writer(grown, source, tensor)
    asked = part is not None
    part = part or grown.random.choice(PARTS)
    text = writer.all_of(part) if asked else getattr(writer, "matmul" if part == "@" else part)()
    item: Item = {"formula": text, "name": name}
    if grown.random.random() < 0.1 and "$" not in text:
        item["each"] = {"it": [1, 2]}
        item["formula"] = f"({text}) * $it"
    return item


class _Writer:
    """Writes expressions of the tensors that are like one of a spec, all of its shape."""

    def __init__(self, grown: Grown, source: str, tensor: Tensor) -> None:
        self.grown = grown
        self.random = grown.random
        self.source = source
        self.tensor = tensor

    def all_of(self, part: str) -> str:
        """An expression with all operators of a kind, for those that have several."""
        one, other = self.source, self.grown.like(self.source)
        if part == "operators":
            return f"(({one} + {other}) * 2 - {one} / 2) ** 2 // 3 % 2"
        if part == "comparisons":
            below = f"({one} < 0.5) | ({one} <= {other}) | ({one} == {other})"
            return f"where(({below}) & ({one} != 2), {one}, 0) * ({one} > 0.1) + ({other} >= 1)"
        if part == "logic":
            return f"where(~({one} > 0.5) & ({other} < 1) | ({one} == 2), {one}, {other})"
        return getattr(self, "matmul" if part == "@" else part)()  # type: ignore[no-any-return]

    def any(self, depth: int = 0) -> str:
        """An expression of the tensor's shape."""
        if depth > 1 or self.random.random() < 0.3:
            return self.grown.like(self.source) if self.random.random() < 0.6 else self.source
        kinds = [self.operators, self.operators, self.minus, self.functions, self.number]
        return self.random.choice(kinds)(depth + 1)

    def number(self, depth: int = 0) -> str:
        return f"{self.random.choice(['2', '0.5', '1', '-3', '1e-2'])} * {self._inner(depth)}"

    def _inner(self, depth: int) -> str:
        text = self.any(depth)
        return text if text.replace(".", "").replace("_", "").isalnum() else f"({text})"

    def operators(self, depth: int = 0) -> str:
        operator = self.random.choice(BINARY)
        other = self.random.choice(["2", "3.0"]) if operator in ("//", "%", "**") else self._inner(depth)
        return f"{self._inner(depth)} {operator} {other}"

    def comparisons(self, depth: int = 0) -> str:
        operator = self.random.choice(COMPARISONS)
        return f"where({self.any(depth)} {operator} {self.any(depth)}, {self.any(depth)}, {self.any(depth)})"

    def logic(self, depth: int = 0) -> str:
        left, right = (f"({self._inner(depth)} {self.random.choice(COMPARISONS)} 0.5)" for _ in range(2))
        joined = f"{left} {self.random.choice('&|')} {right}"
        return f"where({self.random.choice([joined, f'~({joined})', f'~{left}'])}, {self.any(depth)}, 0)"

    def minus(self, depth: int = 0) -> str:
        return f"-{self._inner(depth)}"

    def matmul(self, depth: int = 0) -> str:
        size = self.tensor.shape[-1]
        other = f"eye({size})" if size is not None else self.grown.like(self.source)
        return f"{self._inner(depth)} @ {other}"

    def index(self, depth: int = 0) -> str:
        whole = f"({self.any(depth)} + 1)"
        return whole + self.random.choice(
            ["[..., :1]", "[:, ::-1]", "[:, None]", "[..., -1]", "[:, 0]", "[..., 0, None]"]
        )

    def functions(self, depth: int = 0) -> str:
        return self.random.choice(
            [
                f"{self.random.choice(UNARY)}({self.any(depth)})",
                f"maximum({self.any(depth)}, {self.any(depth)})",
                f"{self._inner(depth)} - mean({self.any(depth)}, axis=-1, keepdims=True)",
                f"clip({self.any(depth)}, 0, 1)",
            ]
        )

    def several(self, depth: int = 0) -> str:
        return self.random.choice(
            [
                f"moments({self.any(depth)}, axes=[-1], keepdims=true)[{self.random.randrange(2)}]",
                f"concatenate([{self.any(depth)}, {self.any(depth)}], axis=-1)",
                f"split({self.any(depth)}, 1, axis=-1)[0]",
            ]
        )

    def constants(self, depth: int = 0) -> str:
        size = self.tensor.shape[-1]
        lists = "[0.5]" if size is None or size > 8 else str([self.random.randint(0, 3) for _ in range(size)])
        return f"{self._inner(depth)} + {lists}"

    def values(self, depth: int = 0) -> str:
        name = f"f{len(self.grown.spec['vars'])}"
        self.grown.spec = {**self.grown.spec, "vars": {**self.grown.spec["vars"], name: self.random.choice([2, 0.5])}}
        return f"{self._inner(depth)} * {self.random.choice([f'${name}', f'$({name} + 1)'])}"
