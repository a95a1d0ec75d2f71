"""The expectations of a spec: ``expect`` says what the model must be."""

from __future__ import annotations

import re
from typing import Any

from specc.diagnostics import Report
from specc.diagnostics.notation import flow
from specc.diagnostics.suggest import did_you_mean
from specc.diagnostics.text_safety import quote_value
from specc.ir import Ref, TypedGraph
from specc.passes.implied import Taken
from specc.shapes import Shape, show_shape
from specc.source import Document, Place

_HELP = "change the model, or what is expected of it"
KEYS = ("params", "trainable_params", "memory", "layers", "form", "outputs")
_BOUND = re.compile(r"(<=|>=|<|>|)\s*([0-9]{1,60}(?:\.[0-9]{1,60})?)\s*([KMGT]?)\Z")
LONGEST_BOUND = 100
"""Characters of a bound in words: matching the patterns takes the square of its spaces."""
_MEASURES = {
    "params": "parameters",
    "trainable_params": "trainable parameters",
    "memory": "bytes of weights",
    "layers": "layers",
}
_IN_WORDS = (
    (r"no more than|at most|up to|max(imum)?\b", "<="),
    (r"no (less|fewer) than|at least|min(imum)?\b", ">="),
    (r"(less|fewer|smaller) than|below|under", "<"),
    (r"(more|greater|larger) than|above|over", ">"),
    (r"\s*thousand|\s*ki?b\b", "K"),
    (r"\s*(million|mio)s?|\s*mi?b\b", "M"),
    (r"\s*(billion|bn)s?|\s*gi?b\b", "G"),
    (r"[,_~:]|\b(parameters|params|weights|bytes|layers|about)\b|\bb\b", ""),
)
"""What people write instead of signs and factors."""
_FACTORS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


def expect(graph: TypedGraph, document: Document, report: Report) -> None:
    """Report every expectation that is not met, and every one that is not understood."""
    for key, wanted in graph.graph.expect.items():
        place = Place(document, ("expect", key))
        if key not in KEYS:
            at = Place(document, ("expect", key), "key")
            report.error(
                "unknown-key",
                f"expect has no key {quote_value(key)}",
                at,
                help=_key_meant(key) or did_you_mean(key, KEYS) or f"keys: {', '.join(KEYS)}",
            )
        elif key == "form":
            if wanted not in ("sequential", "functional"):
                report.error(
                    "invalid-value",
                    f"form must be sequential or functional, not {quote_value(wanted)}",
                    place,
                    help=did_you_mean(str(wanted), ("sequential", "functional")),
                )
            elif wanted != graph.form:
                report.error("expectation", f"the model is {graph.form}, where {wanted} is expected", place, help=_HELP)
        elif key == "outputs":
            _outputs(graph, wanted, place, report)
        else:
            _number(key, wanted, _measured(graph, key), place, report)


def _key_meant(key: str) -> str | None:
    from specc.arguments.vocabulary import first  # the table of names is for errors only

    word = first("key", key, "Expect")
    return word.help(key) if word is not None else None


def _measured(graph: TypedGraph, key: str) -> int:
    if key == "memory":
        return graph.memory
    if key == "layers":
        return graph.layer_count
    return graph.params if key == "params" else graph.trainable_params


def _number(key: str, wanted: Any, measured: int, place: Place, report: Report) -> None:
    match = _BOUND.match(str(wanted).strip()) if not isinstance(wanted, bool | float) else None
    if match is None:
        report.error(
            "invalid-value",
            f'{key} must be a number, or a bound such as "< 5M", not {quote_value(wanted)}',
            place,
            help=_plain_number(wanted) or "bounds: < <= > >= and K, M, G, T",
        )
        return
    sign, digits, unit = match.groups()
    number = float(digits) * _FACTORS[unit] if "." in digits else int(digits) * _FACTORS[unit]
    holds = {
        "": measured == number,
        "<": measured < number,
        "<=": measured <= number,
        ">": measured > number,
        ">=": measured >= number,
    }
    if not holds[sign]:
        words = _MEASURES[key] if measured != 1 or key == "memory" else _MEASURES[key].removesuffix("s")
        report.error(
            "expectation", f"the model has {measured:,} {words}, where {wanted} is expected", place, help=_HELP
        )


def _plain_number(wanted: Any) -> str | None:
    """A help for a number with commas, or whose signs and units are spelled differently.

    >>> _plain_number("less than 5 million"), _plain_number("333,526"), _plain_number("<= 20 MB"), _plain_number(5e6)
    ('write "< 5M"', 'write 333526', 'write "<= 20M"', 'write 5000000')
    """
    if isinstance(wanted, float) and wanted.is_integer():
        return f"write {int(wanted)}"
    if not isinstance(wanted, str) or len(wanted) > LONGEST_BOUND:
        return None
    text = wanted.lower()
    for pattern, sign in _IN_WORDS:
        text = re.sub(pattern, sign, text)
    match = _BOUND.match(text.strip().upper())
    if match is None:
        return None
    sign, digits, unit = match.groups()
    return f'write "{sign} {digits}{unit}"' if sign else f"write {digits}{unit}"


def _flattened(graph: TypedGraph, ref: Ref, wanted: list[Any]) -> str | None:
    """A help where a vector is expected of a head that computes each position of an image separately."""
    from specc.passes.advice.flatten import flatten_help, unflattened  # for what is wrong only

    found = unflattened(graph, ref)
    vectors = len(wanted) == 2 < len(graph.tensor(ref).shape) and wanted[-1] == graph.tensor(ref).shape[-1]
    return flatten_help(graph, found[0]) if found is not None and vectors else None


def _is_shape(value: Any) -> bool:
    return isinstance(value, list) and all(dim is None or type(dim) is int for dim in value)


def _outputs(graph: TypedGraph, wanted: Any, place: Place, report: Report) -> None:
    shapes: dict[str, Shape] = {output.name: graph.tensor(output.ref).shape for output in graph.graph.outputs}
    if not isinstance(wanted, dict):
        report.error(
            "invalid-value",
            f"outputs must be a map of output names to shapes, not {quote_value(wanted)}",
            place,
            help=f"write outputs: {flow({next(iter(shapes)): wanted if _is_shape(wanted) else [None, 10]})}",
        )
        return
    refs = {output.name: output.ref for output in graph.graph.outputs}
    taken = Taken(graph.graph)
    items = graph.graph.other_names_of_outputs()
    expected = {items.get(name, name) for name in wanted}
    for given, shape in wanted.items():
        at = Place(place.document, (*place.path, given))
        name = str(items.get(given) or given)
        if name not in shapes:
            report.error(
                "unknown-output",
                f"the model has no output {quote_value(name)}",
                Place(at.document, at.path, "key"),
                help=taken.no_output(name) or did_you_mean(name, [*shapes, *items]) or f"outputs: {', '.join(shapes)}",
            )
        elif not _is_shape(shape):
            help = _in_nulls(shape, shapes[name])
            report.error(
                "invalid-value", f"a shape is a list of integers and nulls, not {quote_value(shape)}", at, help=help
            )
        elif tuple(shape) != shapes[name]:
            report.error(
                "expectation",
                f"the output '{name}' is {show_shape(shapes[name])}, where {show_shape(shape)} is expected",
                at,
                help=_without_batch(shape, shapes[name]) or _flattened(graph, refs[name], shape) or _HELP,
            )
    for name in shapes if expected <= set(shapes) else ():
        if name not in expected:
            report.error(
                "expectation",
                f"the model has an output '{name}' that is not expected",
                place,
                help="add it here, or remove it from the model's outputs",
            )


def _in_nulls(wanted: Any, shape: Shape) -> str | None:
    """A help for a shape whose open sizes are written differently, or that is one size."""
    listed = wanted if isinstance(wanted, list) else [wanted]
    plain = [None if size in (-1, "None", "none", "null", "?") else size for size in listed]
    for one in (plain, [None, *plain]):
        if tuple(one) == shape:
            return f"write [{', '.join('null' if size is None else str(size) for size in shape)}]"
    return None


def _without_batch(wanted: list[int | None], shape: Shape) -> str | None:
    """A help for a shape without the batch axis."""
    if tuple(wanted) != shape[1:]:
        return _in_nulls(wanted, shape)
    listed = ", ".join("null" if size is None else str(size) for size in shape)
    return f"the batch axis belongs to the shape of an output: write [{listed}]"
