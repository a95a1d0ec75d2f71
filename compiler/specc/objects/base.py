"""What every Keras object that is not a layer is."""

from __future__ import annotations

from typing import ClassVar

from specc.arguments import Arguments


class KerasObject(Arguments):
    """An initializer, loss, optimizer...: Keras's class of the same name, its constructor arguments as fields."""

    spellings: ClassVar[tuple[str, ...]] = ()
    """The other names that Keras's ``get`` takes for it: ``("he_normal",)``."""

    @classmethod
    def keras_name(cls) -> str:
        """The name in Keras: the class's own, unless Python or another class has taken it."""
        return cls.__name__
