"""Keras's configurations of layers and objects, read: the arguments that a person would write for them.

The other direction of `specc.archive.writing.configs`, from the same classes. Defaults are left out, whether the file has them
or not; and so is what Keras fills in from other arguments, and each name that it counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, NamedTuple, TypeVar

from pydantic import ValidationError

from specc import layers, objects
from specc.archive.native import NotNative
from specc.archive.reading.access import under, wrong
from specc.archive.writing.configs import Field, fields_of, formed, of_layer, of_object
from specc.arguments import Arguments
from specc.arguments.fields import OF_EVERY_LAYER, in_order
from specc.automatic_names import snake_case
from specc.calls import Call, Callee
from specc.diagnostics.problem import Problem, ProblemsError, RuleError
from specc.diagnostics.text_safety import quote_value
from specc.dtypes import FLOATX
from specc.layers.base import Layer
from specc.layers.core import Input
from specc.objects.optimizers import OptimizerMap
from specc.policies import Policy
from specc.shapes import Tensor
from specc.source import Path

Saved = dict[str, Any]
"""An object as Keras saves it: its module, its class and its configuration."""
Models = Callable[[Saved], Any]
"""Reads a model inside a layer: what stands in the place of an inner layer."""

A = TypeVar("A", bound=Arguments)
DEEPEST_LAYER = 30
"""How many layers may be inside one another, as wrappers have them."""
MODELS = ("Functional", "Sequential", "Model")
"""Keras's classes of models."""
_KINDS = {module: kind for kind, module in objects.MODULES.items()} | {"optimizers.schedules": "schedule"}
"""The kinds of objects by the public modules of Keras that have them."""


class Read(NamedTuple):
    """A layer that was read."""

    type: str
    name: str
    arguments: dict[str, Any]
    layer: Layer | None = None
    """What these arguments make; None if a model is one of them."""


def read_layer(saved: Saved, default: str = "float32", models: Models | None = None) -> Read:
    """A layer as a spec has it, in a model of that dtype policy.

    ProblemsError for what is not one of Keras's layers, with paths that start at ``saved``.

    >>> from specc.layers.core import Dense
    >>> made = of_layer(Dense(units=3, activation="relu", kernel_initializer="HeNormal"), "a", None, lambda *_: {})
    >>> read_layer(made)[:3]
    ('Dense', 'a', {'units': 3, 'activation': 'relu', 'kernel_initializer': 'he_normal'})
    """
    return _Reader(default, models).layer(saved)


def read_input(saved: Saved) -> Read:
    """An InputLayer as the Input of a spec.

    >>> config = {"name": "x", "batch_shape": [None, 3], "dtype": "int32", "sparse": False, "optional": False}
    >>> read_input({"class_name": "InputLayer", "config": config})[:3]
    ('Input', 'x', {'shape': [3], 'dtype': 'int32'})
    """
    config = _config(saved)
    shape = config.get("batch_shape")
    if not _is_shape(shape):
        raise wrong(f"must be a list of sizes, not {quote_value(shape)}", ("config", "batch_shape"))
    batched = (
        {"shape": shape[1:]} | ({} if shape[0] is None else {"batch_size": shape[0]}) if shape else {"batch_shape": []}
    )
    dtype = _policy(config.get("dtype"))
    typed = {} if dtype in (None, FLOATX) else {"dtype": dtype}
    flags = {key: True for key in ("sparse", "ragged", "optional") if config.get(key) is True}
    _need_known(config, _OF_INPUTS, "Input")
    arguments = {**batched, **typed, **flags}
    layer, problems = Input.parse(arguments)
    if layer is None:
        raise ProblemsError([replace(problem, path=("config",), part="value") for problem in problems])
    return Read("Input", str(config.get("name", "")), arguments, layer)


_OF_INPUTS = frozenset({"name", "batch_shape", "dtype", "sparse", "ragged", "optional"})


def read_object(saved: Any, default: str = "float32") -> Any:
    """A value of an argument: an object is its name, or a map with ``type`` and arguments.

    >>> read_object({"module": "keras.initializers", "class_name": "HeNormal", "config": {"seed": 1}})
    {'type': 'HeNormal', 'seed': 1}
    """
    return _Reader(default, None).value(saved, ())


@dataclass(frozen=True)
class _Reader:
    default: str
    """The dtype policy of the model."""
    models: Models | None
    frozen: bool = False
    """Whether a layer around it is frozen."""
    depth: int = 0
    """How many layers are around it."""

    # -- Layers ------------------------------------------------------------------------------------

    def layer(self, saved: Saved) -> Read:
        """A layer."""
        cls, config = _layer_class(saved), _config(saved)
        frozen = config.get("trainable") is False
        arguments: dict[str, Any] = {"trainable": False} if frozen and not self.frozen else {}
        dtype, usual = _policy(config.get("dtype")), self.default if cls.policy_name is Layer.policy_name else None
        if dtype not in (None, usual):
            arguments["dtype"] = dtype
        arguments |= (replace(self, frozen=True) if frozen else self).arguments(cls, config)
        name = str(config.get("name", ""))
        layer = self.parsed(cls, arguments, config)
        arguments, known = _needed(cls, layer, arguments, lambda it: self._made(it, name, saved))
        _need_known(config, known, cls.keras_name())
        return Read(cls.keras_name(), name, _ordered(cls, arguments), layer)

    def parsed(self, cls: type[A], arguments: dict[str, Any], config: dict[str, Any]) -> A | None:
        """What the arguments make; None if a model is one of them, so that this cannot be known."""
        made, problems = cls.parse(arguments)
        if made is None and not _has_model(arguments):
            raise ProblemsError([_in_file(problem, config) for problem in problems])
        return made

    def _made(self, layer: Layer, name: str, saved: Saved) -> _Made:
        """What is saved of a layer that is built as the saved one was."""
        default = Policy.named(self.default)
        call = _call(layer, saved.get("build_config"), default)
        more = {} if call is None else layer.saved_call(call)
        config = of_layer(layer, name, call, _no_models, self.default)["config"]
        return _Made(config, {"dtype", *more, *layer.saved(), *layer.inner_layers()})

    def inner(self, cls: type[Layer], key: str, value: Any, path: Path) -> Any:
        """The layers of an argument."""
        if value is None:
            return None
        if isinstance(value, list):
            return [self.inner(cls, key, item, (*path, index)) for index, item in enumerate(value)]
        if not isinstance(value, dict):
            raise wrong(f"must be a layer, not {quote_value(value)}", path)
        if self.models is not None and value.get("class_name") in MODELS:
            with under(*path):
                return self.models(value)
        return self._item(value, path, cls.inner_prefixes.get(key, ""), cls.inner_settled)

    def _item(self, saved: Saved, path: Path, prefix: str = "", without: frozenset[str] = frozenset()) -> Any:
        """A layer that is an argument: its type, or a map; its name begins with ``prefix``."""
        if self.depth == DEEPEST_LAYER:
            raise wrong(f"has more than {DEEPEST_LAYER} layers in one another", path, "too-deep")
        with under(*path):
            read = replace(self, depth=self.depth + 1).layer(saved)
        name = read.name.removeprefix(prefix)
        named = {} if not name or _is_counted(name, read.type) else {"name": name}
        arguments = named | {key: value for key, value in read.arguments.items() if key not in without}
        if read.type == "StackedRNNCells" and arguments.keys() == {"cells"} and path[-1] == "cell":
            return arguments["cells"]  # an RNN makes the stack
        return {"type": read.type, **arguments} if arguments else read.type

    # -- Arguments ---------------------------------------------------------------------------------

    def arguments(self, cls: type[Arguments], config: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        """The arguments that are not what a class has without them."""
        is_layer = issubclass(cls, Layer)
        for it in fields_of(cls):
            if it.name not in config or (is_layer and it.name in ("name", "trainable", "dtype")):
                continue
            path = ("config", it.name)
            if is_layer and it.name in cls.inner_layers():  # type: ignore[attr-defined]
                value = self.inner(cls, it.name, config[it.name], path)  # type: ignore[arg-type]
            else:
                value = _shortest(cls, it, config[it.name], self.value(config[it.name], path, it.kind))
            required = cls.model_fields[it.attribute].is_required()
            default = None if required else _default(cls, it)
            counted = it.name == "name" and default is None and _is_counted(value, cls.keras_name())
            usual = counted or (value == default and type(value) is type(default))
            if required or not usual or (it.name == "activity_regularizer" and _saves_given(cls)):
                yield it.name, value

    def value(self, saved: Any, path: Path, kind: str | None = None) -> Any:
        """Any value of an argument; ``kind`` is that of an object that does not say its module, as in Keras 2."""
        if isinstance(saved, list):
            return [self.value(item, (*path, index), kind) for index, item in enumerate(saved)]
        if not isinstance(saved, dict):
            return saved
        match saved.get("class_name"):
            case None:
                return {key: self.value(item, (*path, key), kind) for key, item in saved.items()}
            case "__tuple__":
                return self.value(saved.get("items", []), path, kind)
            case "__tensor__":
                return _config(saved, path).get("value")
            case "OptimizerMap":
                return dict(self.arguments(OptimizerMap, _config(saved, path)))
        module = saved.get("module")
        found = kind if module is None else _KINDS.get(str(module).removeprefix("keras."))
        if found is None or (found == "activation" and objects.find(found, str(saved["class_name"])) is None):
            item = self._item(saved, path)  # an activation that is a layer
            return item if isinstance(item, dict) else {"type": item}
        return self._object(found, saved, path)

    def _object(self, kind: str, saved: Saved, path: Path) -> Any:
        name, registered = str(saved["class_name"]), saved.get("registered_name")
        cls = objects.find(kind, name)
        if cls is None or (registered != name and not _is_registered(cls, registered)):
            raise ProblemsError([objects.unknown(kind, str(registered or name), (*path, "class_name"))])
        config = _config(saved, path)
        with under(*path):
            arguments = dict(self.arguments(cls, config))
            made = self.parsed(cls, arguments, config)
            known: Collection[str] = {it.name for it in fields_of(cls)}
            if cls.saved is not Arguments.saved:
                arguments, known = _needed(
                    cls, made, arguments, lambda it: _Made(of_object(it)["config"], it.saved().keys())
                )
            _need_known(config, known, cls.keras_name())
        if arguments or not cls.by_name:
            return {"type": cls.keras_name(), **_ordered(cls, arguments)}
        return cls.spellings[0] if cls.spellings else cls.keras_name()


def _no_models(_: Callee, name: str) -> dict[str, Any]:
    raise LookupError(name)


def _layer_class(saved: Saved) -> type[Layer]:
    """The class of a layer; ProblemsError if it is not one of Keras's."""
    name, module = saved.get("class_name"), saved.get("module")
    found = layers.find(name) if isinstance(name, str) and not name.startswith("ops.") else None
    if found is None or not issubclass(found, Layer) or not _is_registered(found, saved.get("registered_name")):
        known = saved.get("registered_name") or name
        code = ", whose Python code is never run" if name in _OF_CODE else ""
        message = f"unknown layer {quote_value(known)} of {quote_value(module)}{code}"
        if name == "function":
            message = f"unknown function {quote_value(saved.get('config'))}"
        raise wrong(message, ("class_name",), "unknown-layer", _AS_FORMULA if name == "Lambda" else None)
    return found


def _is_registered(cls: type[Arguments], name: Any) -> bool:
    """Whether a class is registered under a name: that of a plugin follows the name of its package."""
    if cls.imported_from and isinstance(name, str):
        name = name.rpartition(">")[2]
    return name in (None, cls.keras_name())


_AS_FORMULA = "write its operations as a formula or a plugin (--plugin); with --stub, a marked hole stands in place of each such layer"
_OF_CODE = ("Lambda", "TFOpLambda", "TorchModuleWrapper", "JaxLayer", "FlaxLayer")


def _config(saved: Saved, path: Path = ()) -> dict[str, Any]:
    config = saved.get("config")
    if not isinstance(config, dict):
        raise wrong(f"must be a map, not {quote_value(config)}", (*path, "config"))
    return config


def _policy(saved: Any) -> str | None:
    """The name of a dtype policy, which may be saved as an object."""
    if not isinstance(saved, dict):
        return saved if isinstance(saved, str) else None
    config = _config(saved, ("config", "dtype"))
    if saved.get("class_name") == "DTypePolicyMap":
        message, help = (
            "is a DTypePolicyMap; a layer of a spec has one policy",
            "give the layer one in Keras, and save it again",
        )
        raise wrong(message, ("config", "dtype"), "invalid-value", help)
    name = config.get("name") if "mode" not in config else f"{config['mode']}_from_{config.get('source_name')}"
    if not isinstance(name, str):
        raise wrong(f"must be the name of a dtype policy, not {quote_value(name)}", ("config", "dtype", "config"))
    return name


def _in_file(problem: Problem, saved: Any) -> Problem:
    """A problem of arguments, whose path starts at a configuration in the file."""
    place: list[str | int] = ["config"]
    for step in problem.path:
        if isinstance(saved, dict) and "class_name" in saved:
            inside = "items" if saved["class_name"] == "__tuple__" else "config"
            if step == "type":
                place.append("class_name")
                break
            place.append(inside)
            saved = saved.get(inside)
        place.append(step)
        if isinstance(saved, dict) and isinstance(step, str):
            saved = saved.get(step)
        else:
            saved = saved[step] if isinstance(saved, list) and isinstance(step, int) and step < len(saved) else None
    return replace(problem, path=tuple(place), part="value", within=None, fix=None)


def _has_model(value: Any) -> bool:
    """Whether there is a model among arguments."""
    if isinstance(value, dict | list):
        return any(map(_has_model, value.values() if isinstance(value, dict) else value))
    return not isinstance(value, str | int | float | None)


def _need_known(config: dict[str, Any], known: Collection[str], of: str) -> None:
    """Refuse what a configuration has besides and is not null: what it would change is lost."""
    for key, value in config.items():
        if key not in known and value is not None and (of, key) not in _MOOT:
            raise wrong(f"{of} has no argument {quote_value(key)}", ("config", key), "unknown-argument")


_MOOT = {("RandomRotation", "value_range")}
"""Arguments that earlier versions of Keras saved, and that changed nothing."""


def _is_counted(name: Any, type_name: str) -> bool:
    """Whether Keras gave a layer or an object of that class the name."""
    return isinstance(name, str) and re.fullmatch(rf"{snake_case(type_name)}(_\d+)?", name) is not None


def _saves_given(cls: type[Arguments]) -> bool:
    """Whether a regularizer is saved only if it was given, even as null."""
    return issubclass(cls, Layer) and cls.saves_no_regularizer == "given"


def _call(layer: Layer, built: Any, default: Policy) -> Call | None:
    """A call with the shapes that a layer was built with; None if there are none."""
    if not isinstance(built, dict):
        return None
    by_name = built.get("shapes_dict") or {f"{layer.tensors[0].name}_shape": built.get("input_shape")}
    if not isinstance(by_name, dict):
        return None
    shapes = {name.removesuffix("_shape"): shape for name, shape in by_name.items() if _is_shape(shape)}
    tensors: dict[str, Any] = {name: Tensor(tuple(shape)) for name, shape in shapes.items()}
    return layer.call(tensors, {}, default) if len(tensors) == len(by_name) else None


def _is_shape(value: Any) -> bool:
    return isinstance(value, list) and all(
        size is None or (isinstance(size, int) and not isinstance(size, bool) and size >= 0) for size in value
    )


# -- What a person would write -------------------------------------------------------------------


@cache
def _default(cls: type[Arguments], it: Field) -> Any:
    """The default of an argument, as its value would be read."""
    default = cls.model_fields[it.attribute].get_default(call_default_factory=True)
    if it.name in cls.unsaved:
        return default
    saved = formed(it, default, "float32")
    return _shortest(cls, it, saved, read_object(saved))


def _shortest(cls: type[Arguments], it: Field, saved: Any, value: Any) -> Any:
    """The shortest value of which Keras makes the saved one."""
    if it.saved is None or value is None:
        return value
    for candidate in _shorter(value):
        try:
            parsed = cls.__pydantic_validator__.validate_assignment(cls.model_construct(), it.attribute, candidate)
        except ValidationError:
            continue
        if repr(formed(it, getattr(parsed, it.attribute), "float32")) == repr(saved):  # 0 is not 0.0
            return candidate
    return value


def _shorter(value: Any) -> Iterator[Any]:
    """Shorter forms of a value: a number with fewer digits, one for equal ones, one for a range."""
    if isinstance(value, float):
        yield from (float(f"{value:.{digits}g}") for digits in range(1, 10))
    elif isinstance(value, list) and value:
        sides = [_same(item) for item in value]
        if not isinstance(_same(sides), list):
            yield _same(sides)
        if len(value) == 2 and not isinstance(value[1], list):
            yield value[1]
        yield sides
        if all(isinstance(item, float) for item in value):
            near = ((it for it in _shorter(item) if abs(it - item) <= 1e-7 * abs(item)) for item in value)
            yield [next(short, item) for short, item in zip(near, value, strict=True)]


def _same(value: Any) -> Any:
    """The number that a list of equal numbers has."""
    return value[0] if isinstance(value, list) and value and all(item == value[0] for item in value) else value


def _ordered(cls: type[Arguments], arguments: dict[str, Any]) -> dict[str, Any]:
    """Arguments in the order of Keras's signature; those that every layer has last."""
    order = [name for name, _ in in_order(cls)]
    order.sort(key=lambda name: name in OF_EVERY_LAYER)
    return {name: arguments[name] for name in order if name in arguments}


class _Made(NamedTuple):
    """What is saved of an instance."""

    config: dict[str, Any]
    derived: Collection[str]
    """The arguments that may be saved otherwise than they were given."""


def _bare(cls: type[Arguments], arguments: dict[str, Any]) -> Arguments:
    """An instance with no more than what is required."""
    required = {key for key, field in cls.argument_fields().items() if field.is_required()}
    bare, _ = cls.parse({key: value for key, value in arguments.items() if key in required})
    return bare or cls.model_construct()


def _needed(
    cls: type[Arguments], instance: Arguments | None, arguments: dict[str, Any], made: Callable[[Any], _Made]
) -> tuple[dict[str, Any], Collection[str]]:
    """The arguments without those that Keras computes from the others, and the names of all that it saves."""
    every = {it.name for it in fields_of(cls)}
    if instance is None:
        return arguments, every
    try:
        wanted = made(instance)
        derived = {*wanted.derived, *_bare(cls, arguments).saved()}
        for key in [key for key in arguments if key in derived]:
            less = {name: value for name, value in arguments.items() if name != key}
            for candidate in (less, {**arguments, key: _same(arguments[key])}):
                other, _ = cls.parse(candidate)
                if other is not None and made(other).config == wanted.config:
                    arguments = candidate
                    break
    except (RuleError, LookupError, NotNative):  # the shapes that it was built with do not fit it
        return arguments, every
    return arguments, every | wanted.config.keys()
