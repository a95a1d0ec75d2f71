"""What every metric is: which outputs a kind of metric measures, and what it is called."""

from __future__ import annotations

import pytest

from specc.objects.metric import AnyMetric, Metric, NamedMetric, Outputs
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


def test_a_named_metric_has_the_first_of_its_names() -> None:
    class Named(NamedMetric, names="mean_thing thing"):
        pass

    class Other(NamedMetric, names="mean_thing", name="other"):
        pass

    class Own(NamedMetric, names="mean_thing"):
        name: str | None = "own"

    class Plain(Metric, names="mean_thing"):
        pass

    assert [cls().name for cls in (Named, Other, Own, Plain)] == ["mean_thing", "other", "own", None]
