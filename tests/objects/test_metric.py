"""What every metric is: which outputs a kind of metric measures."""

from __future__ import annotations

import pytest

from specc.objects.metric import AnyMetric, Outputs
from specc.shapes import Tensor

REASONS: dict[Outputs, dict[str, str]] = {
    "any": {},
    "bool": {"string": "cannot measure strings"},
    "number": {"string": "cannot measure strings", "bool": "cannot measure booleans"},
    "float": {
        "string": "cannot measure strings",
        "bool": "needs an output of floats, not bool",
        "int32": "needs an output of floats, not int32",
    },
}
"""Of each kind of metric, the dtypes that it cannot measure."""


@pytest.mark.parametrize("outputs", REASONS)
def test_dtypes_of_outputs(outputs: Outputs) -> None:
    class Sample(AnyMetric):
        pass

    Sample.outputs = outputs
    for dtype in ("string", "bool", "int32", "float16"):
        assert Sample().problem(Tensor((None, 3), dtype)) == REASONS[outputs].get(dtype)
