"""What a class of arguments declares: fields, codes, hints. `specc.arguments.base` checks by it."""

# Annotations are not postponed here: pydantic would evaluate each of them again, from its text, for every subclass.

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo

from specc.diagnostics.problem import Problem, about_value, with_subject

if TYPE_CHECKING:
    from specc.diagnostics.codes import Code
else:
    Code = str  # pydantic would evaluate each of a hundred codes for every subclass

NO_TUPLES = "YAML and JSON have no tuples: write a list, as in [4, -1]"

OF_EVERY_LAYER = frozenset({"name", "trainable", "dtype", "activity_regularizer"})
"""Arguments that Keras's layers have in common."""


class ArgumentFields(BaseModel):
    """What a class of arguments declares: its fields, and what messages make of them."""

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, defer_build=True, protected_namespaces=(), allow_inf_nan=False
    )

    kind: ClassVar[str] = "object"
    """What messages call it: "layer", "initializer"..."""
    keras_module: ClassVar[str] = ""
    """The public Keras module that contains the class: "layers", "initializers"..."""
    noun: ClassVar[str] = "argument"
    """What messages call a field: "argument" of a layer, "key" of a part of the spec."""
    unknown_code: ClassVar[Code] = "unknown-argument"
    missing_code: ClassVar[Code] = "missing-argument"
    value_code: ClassVar[Code] = "argument-value"
    refused: ClassVar[dict[str, str]] = {}
    """Arguments that Keras has and a spec must not give: name to reason and alternative."""
    imported_from: ClassVar[str] = ""
    """For a plugin's class: the module with Keras's object of the same name, imported only to build."""
    since: ClassVar[str] = ""
    """The first version of Keras that has it, if that is later than the oldest one that specc knows."""

    def __init_subclass__(cls, **defaults: Any) -> None:
        """Other defaults of inherited arguments: ``class ZeroPadding2D(_ZeroPadding, padding=(1, 1))``."""
        super().__init_subclass__()
        for name, default in defaults.items():
            declared = [types[name] for base in cls.__mro__ if name in (types := vars(base).get("__annotations__", {}))]
            if not declared:
                raise TypeError(f"{cls.__name__} inherits no argument {name!r}")
            cls.__annotations__[name] = declared[0]
            setattr(cls, name, default)

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        """Forget the annotations of class variables, which pydantic knows by now and would evaluate for every subclass."""
        annotations = vars(cls).get("__annotations__", {})
        for name in cls.__class_vars__ & annotations.keys():
            del annotations[name]

    @classmethod
    def keras_name(cls) -> str:
        """The name in Keras's `keras_module`: the class's own, unless Python or another class has taken it."""
        return cls.__name__

    @classmethod
    def hint_for_unknown(cls, name: str) -> str | None:
        """A help for a name that is not an argument; None if it is nothing else either."""
        return NO_TUPLES if name.endswith(")") and "(" not in name else None

    @classmethod
    def hint_beside(cls, name: str, given: Mapping[str, Any]) -> str | None:
        """A help for a name that is not an argument, by the other arguments; asked after `hint_for_unknown`."""
        return None

    @classmethod
    def meant_value(cls, name: str, value: Any, problem: Problem) -> Problem | None:
        """The problem of a wrong value with what was meant as its help, if only this class knows; else None."""
        return None

    @classmethod
    def tensor_names(cls) -> list[str]:
        """The tensors that a call takes, by name; none for what is not called."""
        return []

    @classmethod
    def tensors_in_list(cls) -> tuple[str, ...]:
        """Those of `tensor_names` that are, in this order, in a list which is the first of them."""
        return ()

    @classmethod
    def as_layer(cls) -> str:
        """The layer type that does the same and takes arguments; empty if there is none."""
        return ""

    @classmethod
    def to_add(cls, name: str, given: Mapping[str, Any]) -> str | None:
        """A help for a required argument, given the others; None if its type says enough."""
        return None

    @classmethod
    def nested_message(cls, name: str, problem: Problem) -> str:
        """A problem that a field's own validator found, as a message about this object."""
        if problem.message.startswith(f"unknown {name} "):
            return problem.message
        return with_subject(name, problem.message) if problem.path else about_value(name, problem)

    @classmethod
    def signature_name(cls) -> str:
        """The name of its signature in `specc.keras_signatures`."""
        return f"{cls.keras_module}.{cls.keras_name().removeprefix(f'{cls.keras_module}.')}"

    @classmethod
    def argument_order(cls) -> list[str]:
        """The names of the arguments in the order of the Keras signature, those that it does not have last."""
        from specc import keras_signatures  # a check needs no order

        fields, signature = cls.argument_fields(), keras_signatures.find(cls.signature_name())
        first = () if signature is None else [name for name in signature.arguments if name in fields]
        return list(dict.fromkeys([*first, *fields]))

    @classmethod
    def argument_fields(cls) -> dict[str, FieldInfo]:
        """The fields by the names that a spec uses (an alias if the name is reserved in Python)."""
        return {field.alias or name: field for name, field in cls.model_fields.items()}


ArgumentFields.__pydantic_init_subclass__()  # its own annotations too


@cache
def in_order(cls: type[ArgumentFields]) -> tuple[tuple[str, str], ...]:
    """The arguments in their order, each with its field's name."""
    fields = {field.alias or name: name for name, field in cls.model_fields.items()}
    return tuple((name, fields[name]) for name in cls.argument_order())
