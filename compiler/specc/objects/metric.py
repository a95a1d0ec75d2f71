"""What every metric is."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from specc.arguments import PolicyName, TypeWords
from specc.dtypes import FLOATX
from specc.objects.base import KerasObject, Named
from specc.policies import Policy
from specc.shapes import Tensor, is_float

LAZY_NAME = r"^([A-Za-z0-9.][A-Za-z0-9_.>/-]*)?$"
LazyName = Annotated[
    str,
    Field(pattern=LAZY_NAME),
    TypeWords("a name of ASCII letters, digits, '_', '.', '-', '>' and '/' that begins with a letter, a digit or '.'"),
]
"""The name of a metric that creates its variables in the first step, where TensorFlow limits the names."""

Outputs = Literal["any", "bool", "number", "float"]


class AnyMetric(KerasObject):
    """Measures outputs against targets while the model trains, for people to read: a metric of Keras, or ``accuracy``."""

    kind = "metric"
    keras_module = "metrics"

    outputs: ClassVar[Outputs] = "bool"
    """The outputs that it can measure: any, all but strings, numbers only, floats only."""

    def problem(self, output: Tensor) -> str | None:
        """Why it cannot measure that output whatever the target is, as a predicate, or None."""
        if self.outputs != "any" and output.dtype == "string":
            return "cannot measure strings"
        if self.outputs == "number" and output.dtype == "bool":
            return "cannot measure booleans"
        if self.outputs == "float" and not is_float(output.dtype):
            return f"needs an output of floats, not {output.dtype}"
        return self.shape_problem(output)

    def shape_problem(self, output: Tensor) -> str | None:
        """`problem` for an output of a dtype that it can measure."""
        return None


class Metric(AnyMetric):
    """A metric that Keras has a class for."""

    default_dtype: ClassVar[str] = FLOATX
    """What it computes in unless that is given."""

    name: str | None = None
    dtype: PolicyName | None = None

    def saved(self) -> dict[str, Any]:
        """The dtype that it computes in."""
        return {"dtype": Policy.named(self.dtype or self.default_dtype).compute}


class NamedMetric(Metric, Named):
    """A metric whose ``name`` is the first of its `spellings`."""
