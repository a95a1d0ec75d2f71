"""An item of a layer type to its layer: the arguments with their defaults and inner layers, checked."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, NoReturn

from specc import layers
from specc.arguments import MOST_PROBLEMS
from specc.budget import current
from specc.calls import Callee
from specc.diagnostics import Related
from specc.diagnostics.frames import through
from specc.diagnostics.notation import flow
from specc.diagnostics.problem import Problem
from specc.diagnostics.suggest import did_you_mean
from specc.diagnostics.text_safety import quote_value, shorten
from specc.frontend.include import Unit
from specc.frontend.names import item_label
from specc.frontend.whole_spec import WholeSpec
from specc.layers.base import Layer
from specc.passes.expansion.blocks import Blocks, Definition, of_std, unknown_type
from specc.passes.expansion.report import ItemReport
from specc.passes.expansion.scopes import Copies, Entry
from specc.passes.values import Failed, substitute
from specc.source import Path, Place

if TYPE_CHECKING:
    from pydantic import TypeAdapter

CHARACTERS_A_COMPARISON = 20
"""Characters of a help that count as one name compared."""


OpenBlock = Callable[[Entry, Definition, dict[str, Any], Path, str], Callee]
"""Turns a block into a layer: takes an entry, the block, its arguments, its path in the item, and its name."""


class LayerItems:
    """Creates the layers of one compilation; ``nested_model`` those of blocks used as inner layers."""

    def __init__(
        self,
        units: list[Unit],
        values: dict[Unit, Mapping[str, Any]],
        blocks: dict[Unit, Blocks],
        nested_model: OpenBlock,
        item_report: ItemReport,
    ) -> None:
        self.report = item_report.report
        self._item_report = item_report
        self.values = values
        self.blocks = blocks
        self._nested_model = nested_model
        self._wrong_defaults: dict[tuple[Unit, str], set[str]] = {}
        """Arguments that a class needs, by file, whose defaults are reported: no layer is to blame for having none."""
        self.defaults = {unit: self._defaults(unit) for unit in units}
        self._parsed: dict[tuple[type[Callee], str], Callee] = {}

    @contextmanager
    def with_values(self, unit: Unit, values: Mapping[str, Any]) -> Iterator[None]:
        """Let a file have other values, and defaults that are computed from them."""
        before = self.values[unit], self.defaults[unit]
        self.values[unit] = values
        self.defaults[unit] = self._defaults(unit)
        try:
            yield
        finally:
            self.values[unit], self.defaults[unit] = before

    def layer(self, entry: Entry, kind: str) -> Callee:
        """The layer of an entry whose type is not a block."""
        item, origin, inherited = entry.item, entry.origin, entry.inherited
        cls = layers.find(kind)
        if cls is None:
            self._unknown_type(entry, kind)
        if item.nested:
            self._item_report.fail(
                "nested-layer",
                f"{entry.label}: only an instance of a block can be nested",
                origin.place,
                ("nested",),
                origin.frames,
                "remove 'nested'",
            )
        if kind in ("Input", "InputLayer") and not isinstance(entry.scope.block, WholeSpec | None):
            self._item_report.fail(
                "input-in-block",
                f"{entry.label} is inside a block",
                origin.place,
                ("type",),
                origin.frames,
                "remove it, and name it in the block's 'inputs'; Input layers belong in the spec's own 'layers'",
            )
        given = self._prepare(entry.arguments, cls, entry)
        places: dict[str, Place] = {}
        if defaults := self.defaults[entry.scope.unit].get(cls.__name__):
            places = {name: place for name, (_, place) in defaults.items() if name not in given}
            given |= {name: defaults[name][0] for name in places}
        if inherited and issubclass(cls, Layer) and kind not in ("Input", "InputLayer"):
            given = {
                **{key: value for key, value in inherited.items() if key not in cls.missing_base_arguments},
                **given,
            }
        # Layers are immutable and have no weights, so equal ones can be one object; not with nested models inside.
        key = None if self.blocks[entry.scope.unit] and cls.inner_layers() else (cls, repr(given))
        if key is not None and (known := self._parsed.get(key)) is not None:
            return known
        layer, problems = cls.parse(given)
        if layer is None:
            problems = [problem for problem in problems if not self._is_handed(problem, entry, places)]
            if self._wrong_defaults.get((entry.scope.unit, cls.__name__), set()) - given.keys():
                problems = [problem for problem in problems if problem.code != "missing-argument"]
            problems = [_of_the_graph(_of_std(p, given, self.blocks[entry.scope.unit]), given, entry) for p in problems]
            said = [problem.with_subject(f"'{entry.full_name}' ({kind})") for problem in problems]
            self._item_report.report_all(said, origin, places, entry.scope.values)
            raise Failed
        if key is not None:
            self._parsed[key] = layer
        return layer

    def _is_handed(self, problem: Problem, entry: Entry, defaults: Container[str]) -> bool:
        """Whether an instance around an entry hands it the dtype that it cannot have, which is reported there, once."""
        if problem.path != ("dtype",) or "dtype" in entry.arguments or "dtype" in defaults:
            return False
        frames = entry.origin.frames
        gives = [isinstance(it.place.written, dict) and "dtype" in it.place.written for it in frames]
        if not any(gives):
            return False
        number = len(gives) - 1 - gives[::-1].index(True)
        frame = frames[number]
        layer = item_label(entry.full_name, entry.item.type)
        message = f"{item_label(frame.name, frame.block or frame.place.written.get('type'))} cannot hand its dtype on: {layer} {problem.message}"
        help = (
            f"give it to layers that Keras quantizes: defaults: {flow({'Dense': {'dtype': entry.inherited['dtype']}})}"
        )
        related = [Related(layer, entry.origin.place), *through(frames[:number])]
        self.report.add(Problem(problem.code, message, ("dtype",), help), frame.place, related)
        return True

    def _unknown_type(self, entry: Entry, kind: str) -> NoReturn:
        """Report an entry with an unknown type."""
        origin = entry.origin
        problem = unknown_type(kind, self.blocks[entry.scope.unit])
        if entry.named:
            problem = replace(problem, message=f"'{entry.full_name}': {problem.message}")
        named = kind in entry.scope.names and kind != entry.name
        if named:
            help = f"it is the name of an item: write share: {kind} to call that again"
            problem = replace(problem, help=help, fix=None)
        if (
            isinstance(origin.place.written, dict)
            and problem.fix is not None
            and not isinstance(problem.fix.value, str)
        ):
            problem = replace(problem, fix=None)
        self.report.add(problem, origin.at("type"), through(origin.frames))
        raise Failed

    def _prepare(self, arguments: dict[str, Any], cls: type[Callee], entry: Entry) -> dict[str, Any]:
        """A layer's arguments, with defaults filled in for inner layers, and blocks turned into nested models."""
        given = dict(arguments)
        for name in cls.inner_layers():
            if name in given:
                given[name] = self._inner(given[name], (name,), entry)
        return given

    def _inner(self, value: Any, path: Path, entry: Entry) -> Any:
        if isinstance(value, list):
            return [self._inner(item, (*path, index), entry) for index, item in enumerate(value)]
        raw = {"type": value} if isinstance(value, str) else value
        if not isinstance(raw, dict) or not isinstance(raw.get("type"), str):
            return value
        kind = raw["type"]
        if (block := self.blocks[entry.scope.unit].get(kind)) is not None:
            given = {key: item for key, item in raw.items() if key not in ("type", "name")}
            name = raw.get("name")
            return self._nested_model(entry, block, given, path, name if isinstance(name, str) else kind)
        cls = layers.find(kind)
        if cls is None:
            return value
        inner = {
            key: self._inner(item, (*path, key), entry) if key in cls.inner_layers() else item
            for key, item in raw.items()
        }
        for name, (default, _) in self.defaults[entry.scope.unit].get(cls.__name__, {}).items():
            inner.setdefault(name, default)
        return inner

    def options(self, entry: Entry) -> dict[str, Any]:
        """The constant call arguments, checked."""
        if not entry.item.call:
            return {}
        options = dict(entry.item.call)
        layer = entry.layer
        if options and layer is not None:
            above = entry.previous.name if entry.previous is not None else None
            source = above if entry.source is None else entry.source
            problems = list(islice(option_problems(layer, options, source), MOST_PROBLEMS))
            self._item_report.report_all(
                [problem.with_subject(entry.label).under("call") for problem in problems],
                entry.origin,
            )
            if problems:
                raise Failed
        return options

    def _defaults(self, unit: Unit) -> dict[str, dict[str, tuple[Any, Place]]]:
        """The file's defaults by layer class, each with its place; unknown arguments are reported here, once."""
        found: dict[str, dict[str, tuple[Any, Place]]] = {}
        for kind, arguments in unit.spec.defaults.items():
            place = unit.place("defaults", kind, part="key")
            cls = layers.find(kind)
            if cls is None:
                problem = layers.unknown(kind)
                help = "a block has the defaults of its 'args'" if kind in self.blocks[unit] else problem.help
                self.report.add(replace(problem, help=help), place)
                continue
            names = set(cls.argument_fields()) - {"name"}
            for name, value in arguments.items():
                at = unit.place("defaults", kind, name)
                if name not in names:
                    self.report.error(
                        "unknown-argument",
                        f"{kind} has no argument {quote_value(name)}",
                        at._replace(part="key"),
                        help=did_you_mean(name, names),
                    )
                    continue
                with suppress(Failed):
                    computed = substitute(value, self.values[unit], at, (), self.report)
                    if not self._is_wrong(cls, name, computed, at):
                        found.setdefault(cls.__name__, {})[name] = (computed, at)
                        continue
                if cls.argument_fields()[name].is_required():
                    self._wrong_defaults.setdefault((unit, cls.__name__), set()).add(name)
        return found

    def _is_wrong(self, cls: type[Callee], name: str, value: Any, place: Place) -> bool:
        """Report a default that no layer of the type could take, whether there is one or not."""
        if name in cls.inner_layers():  # a block, perhaps, or one that other defaults complete
            return False
        _, problems = cls.parse({name: value})
        wrong = [problem for problem in problems if problem.path[:1] == (name,) and problem.code != "argument-clash"]
        for problem in wrong:
            inside = replace(problem, path=problem.path[1:])  # ``place`` is that of the argument
            self.report.add(inside.with_subject(cls.keras_name()), place)
        return bool(wrong)


def _of_std(problem: Problem, given: dict[str, Any], blocks: Blocks) -> Problem:
    """The problem of an inner layer that is one of specc's own blocks, with what to include."""
    name: Any = given
    for step in problem.path if problem.code == "unknown-layer" else ():
        name = name[step]
    return of_std(problem, name, blocks) if isinstance(name, str) else problem


def _of_the_graph(problem: Problem, given: dict[str, Any], entry: Entry) -> Problem:
    """The problem of an inner layer that is the name of an item, with that item's layer to write there."""
    name: Any = given
    for step in problem.path if problem.code == "unknown-layer" else ():
        name = name[step]
    found = entry.scope.names.get(name) if isinstance(name, str) else None
    if found is None:
        return problem
    entries = found.entries[:1] if isinstance(found, Copies) else [found]
    entries = [it for it in entries if it.item.type not in (None, "Input", "InputLayer")]
    layer, budget = "", current()
    if entries and budget.comparisons > 0:
        text = flow({"type": entries[0].item.type, **entries[0].arguments})
        budget.comparisons -= len(text) // CHARACTERS_A_COMPARISON
        layer = f": {shorten(text, 300)}"
    return replace(problem, help=f"'{name}' is a layer of the graph; write a new one here{layer}", fix=None)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    """What checks a call argument of a type; it takes longer to make than to use."""
    from pydantic import TypeAdapter

    return TypeAdapter(kind, config={"strict": True})


def option_problems(layer: Callee, options: dict[str, Any], source: Any = None) -> Iterator[Problem]:
    """The problems of constant call arguments of an item that takes ``source``."""
    from pydantic import ValidationError

    from specc.arguments import in_words

    for name, value in options.items():
        if name not in layer.options:
            if any(argument.name == name for argument in layer.tensor_arguments()):
                help = f"a tensor goes under 'from': write {_as_tensor(layer, source, name, value)}"
            elif name in layer.argument_fields():
                help = f"it is an argument of the layer, not of its call: write {name} next to 'type'"
            else:
                help = did_you_mean(name, layer.options) or (
                    f"call arguments: {', '.join(layer.options)}" if layer.options else "its call takes tensors only"
                )
            yield Problem("unknown-argument", f"has no call argument {quote_value(name)}", (name,), help, "key")
            continue
        try:
            _adapter(layer.options[name]).validate_python(value)
        except ValidationError:
            yield Problem(
                "argument-value",
                f"call argument {name} must be {in_words(layer.options[name])}, not {quote_value(value)}",
                (name,),
            )
    yield from layer.check_options(options)


def _as_tensor(layer: Callee, source: Any, name: str, value: Any) -> str:
    """The ``from`` of a call that gives a tensor to an argument, in addition to the item's other inputs."""
    first = layer.tensor_arguments()[0].name
    given = source if isinstance(source, dict) else {first: "..." if source is None else source}
    return f"from: {flow({**given, name: value})}"
