"""TypedGraph to ``keras.Model``. The only module that imports keras, and only inside its functions."""

from __future__ import annotations

from typing import Any

from specc.arguments import Arguments


def realize(value: Any) -> Any:
    """A checked argument as Keras takes it: objects and layers become Keras's instances, the rest stays."""
    if isinstance(value, Arguments):
        return _instance(value, {})
    if isinstance(value, tuple):
        return tuple(realize(item) for item in value)
    if isinstance(value, dict):
        return {key: realize(item) for key, item in value.items()}
    return value


def _instance(value: Arguments, further: dict[str, Any]) -> Any:
    import keras

    module = getattr(keras, value.keras_module)
    arguments = {name: realize(item) for name, item in value.given().items()}
    return getattr(module, type(value).__name__)(**arguments, **further)
