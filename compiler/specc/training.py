"""The spec's ``compile`` section: the arguments of Keras's ``Model.compile``, by output name.

Keras takes losses, weights and metrics in many forms, some of which it reads by position, silently in another order
than that of the outputs. Here one value means every output, a list follows the outputs' order, and a map goes by their
names; what Keras gets is always by name.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

from pydantic import PlainValidator, PrivateAttr, WithJsonSchema

from specc import objects
from specc.arguments import Arguments, Optimizer, PositiveInt, TypeWords
from specc.diagnostics.problem import Problem, ProblemsError, about_value
from specc.diagnostics.suggest import did_you_mean
from specc.diagnostics.text_safety import quote_value
from specc.objects.base import LARGEST_FLOAT32
from specc.objects.loss import AnyLoss
from specc.objects.metric import AnyMetric
from specc.shapes import Tensor
from specc.source import Path
from specc.words import count_of

Check = Callable[[Any], Any]
"""Checks one value; raises ProblemsError."""


MOST_LISTED = 10_000
"""Losses or metrics of one list or map."""


def _each(items: dict[Any, Any], check: Check) -> dict[Any, Any]:
    """Check every value; the problems of all of them at once, each with its key in front."""
    if len(items) > MOST_LISTED:
        message = f"lists {len(items):,} values, more than {MOST_LISTED:,}"
        raise ProblemsError([Problem("too-large", message, help="list one for each output")])
    checked: dict[Any, Any] = {}
    problems: list[Problem] = []
    for key, item in items.items():
        try:
            checked[key] = check(item)
        except ProblemsError as error:
            problems += [replace(p, message=_of(key, p)).under(key) for p in error.problems]
    if problems:
        raise ProblemsError(problems)
    return checked


def _of(key: str | int, problem: Problem) -> str:
    who = f"of {quote_value(key)}" if isinstance(key, str) else f"number {key + 1}"
    return about_value(who, problem)


def _listed(items: list[Any], check: Check) -> tuple[Any, ...]:
    return tuple(_each(dict(enumerate(items)), check).values())


def _loss(value: Any) -> Any:
    return None if value is None else objects.parse("loss", value)


def _weight(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= LARGEST_FLOAT32:
        hint = "write it without quotes" if isinstance(value, str) else None
        raise ProblemsError([Problem("argument-value", f"must be a number, not {quote_value(value)}", help=hint)])
    return float(value)  # Keras refuses an int


def _metric(value: Any) -> Any:
    return objects.parse("metric", value)


def _metrics(value: Any) -> Any:
    """One output's metrics: one, a list, or none."""
    if value is None:
        return None
    return _listed(list(value), _metric) if isinstance(value, list | tuple) else _metric(value)


def _by_output(check: Check) -> Check:
    """One value, a list with one for each output, or a map by output name."""

    def parse(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return _listed(list(value), check)
        if isinstance(value, dict) and "type" not in value:
            named = [key for key in value if not isinstance(key, str)]
            if named:
                raise ProblemsError(
                    [Problem("argument-value", f"must go by output names, not {quote_value(named[0])}")]
                )
            return _each(value, check)
        return check(value)

    return parse


def _schema(one: dict[str, Any]) -> WithJsonSchema:
    """Conditions instead of alternatives: a checker then reports one thing about a wrong value."""
    by_name = {"type": "object", "not": {"required": ["type"]}}
    one_or_map = {"if": by_name, "then": {"additionalProperties": one}, "else": one}
    return WithJsonSchema({"if": {"type": "array"}, "then": {"items": one}, "else": one_or_map})


_LOSS = {"anyOf": [{"x-ref": "#/$defs/loss"}, {"type": "null"}]}
_METRIC = {"x-ref": "#/$defs/metric"}
_METRICS = {"anyOf": [_METRIC, {"type": "array", "items": _METRIC}, {"type": "null"}]}

Losses = Annotated[
    Any,
    PlainValidator(_by_output(_loss)),
    _schema(_LOSS),
    TypeWords("a loss, a list with one for each output, or a map by output name"),
]
LossWeights = Annotated[
    Any,
    PlainValidator(_by_output(_weight)),
    _schema({"type": ["number", "null"]}),
    TypeWords("a number, a list with one for each output, or a map by output name"),
]
Metrics = Annotated[
    Any,
    PlainValidator(_by_output(_metrics)),
    _schema(_METRICS),
    TypeWords("a metric, a list, or a map by output name"),
]


_NAMED = ("name", "class_name", "loss", "metric", "function")
"""Other names for the key of a loss's or a metric's type."""
_FIELDS = ("loss", "loss_weights", "metrics", "weighted_metrics")
"""Arguments that go by output."""


class Training(Arguments):
    """How the model is to be trained: the arguments of ``Model.compile``."""

    kind: ClassVar[str] = "compile"

    optimizer: Optimizer | None = "rmsprop"
    loss: Losses = None
    loss_weights: LossWeights = None
    metrics: Metrics = None
    weighted_metrics: Metrics = None
    run_eagerly: bool = False
    steps_per_execution: PositiveInt = 1
    jit_compile: Literal["auto"] | bool | None = "auto"
    auto_scale_loss: bool = True

    _written: dict[tuple[str, str], str] = PrivateAttr(default_factory=dict)
    """What the spec calls an output in a map, if that is not the output's name."""

    @classmethod
    def signature_name(cls) -> str:
        """That of the method whose arguments these are."""
        return "Model.compile"

    def by_outputs(self, items: Mapping[str, str]) -> "Training":
        """The same, by the names of the outputs where a map uses the items that they come from."""
        renamed = self.model_copy()
        for field in _FIELDS:
            value = getattr(self, field)
            if not isinstance(value, dict):
                continue
            names = {name: items[name] for name in value if name in items and items[name] not in value}
            if names:
                renamed.__dict__[field] = {names.get(name, name): item for name, item in value.items()}
                renamed._written |= {(field, output): name for name, output in names.items()}
        return renamed

    def as_written(self, path: Path) -> Path:
        """A path from the ``compile`` map, with an output named as in the spec."""
        if len(path) < 2:
            return path
        name = self._written.get((str(path[0]), str(path[1])), path[1])
        return (path[0], name, *path[2:])

    def arguments(self, outputs: Sequence[str]) -> dict[str, Any]:
        """The arguments for the ``compile`` of a model with these outputs, in Keras's order; not yet Keras objects.

        Losses, weights and metrics are by output name (for a single output: plain), and complete if Keras requires
        each output to be mentioned.
        """
        arguments = self.given()
        if "loss" in arguments:
            losses = _spread(self.loss, outputs)
            unused = all(loss is None for loss in losses.values())
            arguments["loss"] = None if unused else _plain_if_single(losses)
        if "loss_weights" in arguments:
            weights = _spread(self.loss_weights, outputs)
            unweighted = all(weight is None for weight in weights.values())
            arguments["loss_weights"] = None if unweighted else _plain_if_single(weights)
        for field in ("metrics", "weighted_metrics"):
            if field in arguments:
                metrics = {name: _as_list(item) for name, item in _metrics_by_output(arguments[field], outputs).items()}
                used = {name: items for name, items in metrics.items() if items}
                arguments[field] = (_plain_if_single(used) if len(outputs) == 1 else used) or None
        return arguments


def _spread(value: Any, outputs: Sequence[str]) -> dict[str, Any]:
    """What each output gets from one value, a list or a map."""
    if isinstance(value, dict):
        return {name: value.get(name) for name in outputs}
    if isinstance(value, tuple):
        return dict(zip(outputs, value, strict=False))  # a wrong length is reported
    return dict.fromkeys(outputs, value)


def _metrics_by_output(value: Any, outputs: Sequence[str]) -> dict[str, Any]:
    """`_spread` for metrics, where a list for a single output means all of its metrics."""
    if len(outputs) == 1 and _is_flat(value):
        return {outputs[0]: value}
    return _spread(value, outputs)


def _is_flat(value: Any) -> bool:
    return isinstance(value, tuple) and not any(item is None or isinstance(item, tuple) for item in value)


def _as_list(value: Any) -> list[Any]:
    return [] if value is None else list(value) if isinstance(value, tuple) else [value]


def _plain_if_single(by_name: dict[str, Any]) -> Any:
    return next(iter(by_name.values())) if len(by_name) == 1 else by_name


def parse_training(data: Any) -> tuple[Training | None, list[Problem]]:
    """Check the ``compile`` section; paths of the problems start at it."""
    if not isinstance(data, dict):
        hint = "for instance {optimizer: adam, loss: mse}"
        return None, [Problem("invalid-value", f"compile must be a map, not {quote_value(data)}", help=hint)]
    training, problems = Training.parse(data)
    return training, [replace(p, message=p.message if _names_argument(p) else f"compile {p.message}") for p in problems]


def _names_argument(problem: Problem) -> bool:
    return bool(problem.path) and (problem.part == "value" or len(problem.path) > 1)


# -- Against the outputs ---------------------------------------------------------------------------


def check_outputs(
    training: Training, outputs: list[str], tensors: list[Tensor], items: Iterable[str] = ()
) -> list[Problem]:
    """What in ``compile`` does not fit a model with these outputs; paths start at the ``compile`` map.

    ``items`` are further names, each for one output.
    """
    problems: list[Problem] = []
    for field in _FIELDS:
        value = getattr(training, field)
        found = list(_form_problems(field, value, outputs, items))
        if not found and field != "loss_weights":
            found = list(_fit_problems(field, value, outputs, tensors))
        problems += found
    return [replace(problem, path=training.as_written(problem.path)) for problem in problems]


def _form_problems(field: str, value: Any, outputs: list[str], items: Iterable[str]) -> Iterator[Problem]:
    """Unknown output names, and lists of the wrong length."""
    metrics = field in ("metrics", "weighted_metrics")
    names = ", ".join(outputs)
    if isinstance(value, dict):
        for name, item in value.items():
            if name not in outputs:
                bare = f"write {quote_value(item)[1:-1]}" if len(value) == 1 and isinstance(item, str) else None
                if item is None and objects.find("loss" if field == "loss" else "metric", name) is not None:
                    bare = f"write {name}, without braces"
                help = (
                    did_you_mean(name, [*outputs, *items])
                    or (bare if name in _NAMED or item is None else None)
                    or f"outputs: {names}"
                )
                yield Problem(
                    "unknown-output",
                    f"{field}: the model has no output {quote_value(name)}",
                    (field, name),
                    help,
                    "key",
                )
    elif isinstance(value, tuple):
        if len(value) != len(outputs) and not (metrics and len(outputs) == 1 and _is_flat(value)):
            message = f"{field} lists {len(value)} for {count_of(len(outputs), 'output')}"
            help = f"list one for each output, in this order: {names}; or give a map"
            if len(value) < len(outputs):
                help += "; or list the intended ones under 'outputs'"
            yield Problem("argument-value", message, (field,), help)
    elif metrics and value is not None and len(outputs) > 1:
        help = f"give a map by output name: {{{outputs[0]}: ...}}"
        yield Problem(
            "argument-value",
            f"{field} must say which of {count_of(len(outputs), 'output')} it measures",
            (field,),
            help,
        )


def _fit_problems(field: str, value: Any, outputs: list[str], tensors: list[Tensor]) -> Iterator[Problem]:
    """Losses and metrics that do not fit any target of their output."""
    kind = "loss" if field == "loss" else "metric"
    for index, path, measure in _measures(field, value, outputs):
        reason = measure.problem(tensors[index])
        if reason is not None:
            message = f"{field} of {quote_value(outputs[index])}: {measure.keras_name()} {reason}"
            yield Problem(
                "shape-mismatch", message, path, f"choose a {kind} that fits, or change the layer before the output"
            )


def losses(training: Training, outputs: list[str]) -> Iterator[tuple[int, Path, AnyLoss]]:
    """The losses of a valid ``compile`` section: the number of the output, the path from the ``compile`` map, the loss."""
    yield from (
        (index, training.as_written(path), it)
        for index, path, it in _measures("loss", training.loss, outputs)
        if isinstance(it, AnyLoss)
    )


def metrics(training: Training, outputs: list[str]) -> Iterator[tuple[int, Path, AnyMetric]]:
    """The metrics of a valid ``compile`` section: the number of the output, the path from the ``compile`` map, the metric."""
    for field in ("metrics", "weighted_metrics"):
        for index, path, it in _measures(field, getattr(training, field), outputs):
            if isinstance(it, AnyMetric):
                yield index, training.as_written(path), it


def _measures(field: str, value: Any, outputs: list[str]) -> Iterator[tuple[int, Path, AnyLoss | AnyMetric]]:
    """The losses or metrics of each output, with the output's number and where they are written."""
    by_output = _spread(value, outputs) if field == "loss" else _metrics_by_output(value, outputs)
    kind = "loss" if field == "loss" else "metric"
    for index, name in enumerate(outputs):
        given = by_output.get(name)  # a list of the wrong length is reported
        one_for_all = not isinstance(value, dict | tuple) or given is value
        where: Path = (field,) if one_for_all else (field, name if isinstance(value, dict) else index)
        for position, item in enumerate(_as_list(given)):
            measure = objects.resolve(kind, item)
            if isinstance(measure, AnyLoss | AnyMetric):
                yield index, (*where, position) if isinstance(given, tuple) else where, measure
