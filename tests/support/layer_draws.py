"""What the tests of the layers draw: shapes, tensors, dtypes."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from specc.shapes import Tensor

POLICIES = ["float32", "mixed_float16", "bfloat16", "float64"]
FLOAT_POLICIES = [*POLICIES, "float16", "mixed_bfloat16"]
DTYPES = ["int32", "uint8", "int8", "uint64", "bool", "float16", "bfloat16", "float64", "string"]


def shapes(least: int = 0, most: int = 4, unknown: bool = True) -> st.SearchStrategy[tuple[int | None, ...]]:
    """A shape with its batch axis, whose other sizes may be unknown."""
    size = (st.none() | st.integers(1, 4)) if unknown else st.integers(1, 4)
    batch = st.sampled_from([None, None, 2, 3])
    whole = st.tuples(batch, st.lists(size, min_size=max(least - 1, 0), max_size=most - 1)).map(lambda s: (s[0], *s[1]))
    return whole if least else st.just(()) | whole


def tensors(least: int = 0, most: int = 4, unknown: bool = True) -> st.SearchStrategy[Tensor]:
    """A tensor of such a shape, most often of floats."""
    dtype = st.just("float32") | st.sampled_from(DTYPES)
    return st.tuples(shapes(least, most, unknown), dtype).map(lambda drawn: Tensor(*drawn))


def some(**arguments: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Each argument given or left out."""
    return st.fixed_dictionaries({}, optional=arguments)


flags = st.fixed_dictionaries(
    {},
    optional={
        "return_sequences": st.booleans(),
        "return_state": st.booleans(),
        "go_backwards": st.booleans(),
        "stateful": st.booleans(),
        "unroll": st.booleans(),
    },
)
settings_of_cells = st.fixed_dictionaries(
    {"units": st.integers(1, 4)},
    optional={
        "use_bias": st.booleans(),
        "dropout": st.sampled_from([0.0, 0.3, 1.0]),
        "recurrent_dropout": st.sampled_from([0.0, 0.3]),
        "trainable": st.booleans(),
        "activation": st.sampled_from(["relu", None, "tanh"]),
        "seed": st.integers(-3, 3),
    },
)
extra = {
    "SimpleRNN": st.just({}),
    "LSTM": st.fixed_dictionaries({}, optional={"unit_forget_bias": st.booleans()}),
    "GRU": st.fixed_dictionaries({}, optional={"reset_after": st.booleans()}),
}
"""What one recurrent layer or cell has and the others have not."""
cells = st.one_of(
    *(
        st.builds(lambda a, b, name=name: {"type": f"{name}Cell", **a, **b}, settings_of_cells, extra[name])
        for name in ("SimpleRNN", "LSTM", "GRU")
    )
)


def given_only(**arguments: Any) -> dict[str, Any]:
    """Those of the arguments that are not None."""
    return {name: value for name, value in arguments.items() if value is not None}
