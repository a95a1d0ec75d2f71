"""How Keras's files name classes, and the objects that specc has no class of: dtype policies."""

from __future__ import annotations

from typing import Any

from specc.policies import Policy

_AMAX_HISTORY = 1024
"""How many steps Keras remembers the largest value of, for float8."""


def public(module: str, class_name: str, config: Any) -> dict[str, Any]:
    """An object of a class that a public module of Keras has.

    >>> public("keras.initializers", "Zeros", {})
    {'module': 'keras.initializers', 'class_name': 'Zeros', 'config': {}, 'registered_name': None}
    """
    return {"module": module, "class_name": class_name, "config": config, "registered_name": None}


def private(module: str, class_name: str, config: Any) -> dict[str, Any]:
    """An object of a class that only Keras's own modules have: it is registered by its name."""
    return public(module, class_name, config) | {"registered_name": class_name}


def policy(name: str) -> dict[str, Any]:
    """The dtype policy of a name, as ``keras.dtype_policies.serialize`` gives it.

    >>> policy("int4/64_from_bfloat16")["class_name"]
    'Int4DTypePolicy'
    """
    quantization = Policy.named(name).quantization
    if quantization is None:
        return public("keras", "DTypePolicy", {"name": name})
    mode, _, source = name.partition("_from_")
    config = {"mode": mode, "source_name": source}
    if quantization.mode == "float8":
        return public(
            "keras.dtype_policies", "QuantizedFloat8DTypePolicy", {**config, "amax_history_length": _AMAX_HISTORY}
        )
    kind = "Int4DTypePolicy" if "/" in mode else "QuantizedDTypePolicy"
    return public("keras.dtype_policies", kind, config)
