"""`Arguments`, the base of every layer, operation, initializer, loss, optimizer and so on.

Its subclasses list Keras's constructor arguments as pydantic fields, with Keras's names and defaults; the validation,
the JSON Schema, the documentation, the call of Keras and the emitted source all come from those fields.
"""

# Annotations are not postponed here: pydantic would evaluate each of them again, from its text, for every subclass.

from collections.abc import Iterator
from typing import Any, ClassVar, Self

from pydantic import ValidationError

from specc.arguments.fields import ArgumentFields, in_order
from specc.arguments.kinds import UNKNOWN_CODES
from specc.diagnostics.problem import Problem
from specc.keras_version import is_later, too_new


class Arguments(ArgumentFields):
    """The arguments of one Keras object; strict, unknown ones are refused.

    A subclass has the name of the Keras class. Validators are built when a class is first used, so a
    large catalogue costs nothing until then.
    """

    unsaved: ClassVar[frozenset[str]] = frozenset()
    """The arguments that Keras's ``get_config`` does not give."""

    def saved(self) -> dict[str, Any]:
        """What Keras's ``get_config`` gives otherwise than it was given, by name, and what it gives besides."""
        return {}

    @classmethod
    def parse(cls, given: dict[str, Any]) -> tuple[Self | None, list[Problem]]:
        """Check the arguments; returns the instance or, if it is None, every problem found.

        Never raises. Paths of the problems start at ``given``.
        """
        if cls.since and is_later(cls.since):
            return None, [too_new(UNKNOWN_CODES[cls.kind], cls.since)]
        try:
            # As model_validate does, without looking at its options: every item and layer passes here.
            parsed: Self = cls.__pydantic_validator__.validate_python(given)
        except ValidationError as error:
            from specc.arguments.findings import problems_of  # for errors only

            return None, problems_of(cls, given, error)
        problems = list(parsed.check())
        return (None, problems) if problems else (parsed, [])

    def check(self) -> Iterator[Problem]:
        """Problems of several arguments together: what Keras's constructor refuses."""
        yield from ()

    def given(self) -> dict[str, Any]:
        """The arguments that were given, by Keras's names, in the order of `argument_order`."""
        given = self.model_fields_set
        return {name: getattr(self, field) for name, field in in_order(type(self)) if field in given}
