"""Documents that do not have the form of a spec lose what is wrong, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from specc.frontend.read import from_data
from specc.sketch.mend import NO_TYPE, mend

X = {"type": "Input", "name": "x", "shape": [4]}
Y = {"type": "Dense", "name": "y", "units": 1}


@pytest.mark.parametrize(("data", "expected"), [
    ({"layers": [X, Y]}, {"layers": [X, Y]}),
    ({"layers": [X, Y], "modell": 3}, {"layers": [X, Y]}),
    ({"layers": [X, {**Y, "name": "a b"}]}, {"layers": [X, {"type": "Dense", "units": 1}]}),
    ({"layers": [X, {"name": "y"}]}, {"layers": [X, {"name": "y", "type": NO_TYPE}]}),
    ({"layers": [X, 3, Y]}, {"layers": [X, {"type": NO_TYPE}, Y]}),
    ({"layers": [X, {**Y, "from": [3]}]}, {"layers": [X, Y]}),
    ({"layers": [X, Y], "blocks": {"b": {"layers": [Y]}}}, {"layers": [X, Y], "blocks": {}}),
    ({"layers": 3}, {}),
    ([1], [1]),
])  # fmt: skip
def test_mend(data: Any, expected: Any) -> None:
    document = from_data({"layers": []})
    object.__setattr__(document, "data", data)
    assert mend(document).data == expected
    assert mend(document).source is document.source
