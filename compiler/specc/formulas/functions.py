"""The functions of formulas: those of ``keras.ops``, and what is meant by others."""

from __future__ import annotations

from collections.abc import Container

from specc import keras_signatures, layers, operations
from specc.arguments import plugged, vocabulary
from specc.arguments.vocabulary import Word
from specc.diagnostics.suggest import did_you_mean, fold
from specc.diagnostics.text_safety import quote_value
from specc.expressions.errors import ExpressionError
from specc.formulas.text import Within, error
from specc.objects import spellings
from specc.operations.base import Operation

_PARTS = ("nn.", "numpy.", "linalg.", "math.", "core.")
"""Modules of ``keras.ops`` whose functions it has itself, too."""
MODULES = frozenset(
    [
        "tf",
        "tensorflow",
        "np",
        "numpy",
        "jnp",
        "jax",
        "torch",
        "keras",
        "ops",
        "K",
        "F",
        "backend",
        "nn",
        "math",
        "activations",
        "functional",
        "layers",
        "linalg",
        "random",
    ]
)
"""What stands before the dot of a function elsewhere."""
_RENAMED = {
    "as_tensor": "array",
    "astype": "cast",
    "constant": "array",
    "list": "stack",
    "permute": "transpose",
    "to": "cast",
    "type": "cast",
    "unsqueeze": "expand_dims",
    "view": "reshape",
}
"""Methods and functions of other libraries by Keras's names, besides those of the vocabulary."""
_ELSEWHERE = {
    "isin": "write any(x[..., None] == [1, 2], axis=-1)",
    "len": "$(shape(x)[1]) is the size of an axis",
    "shape": "write $(shape(x)[1]), the size of an axis",
    "flatten": "write reshape(x, [-1, $(prod(shape(x)[1:]))])",
    "str": "a formula has no strings but words, such as 'float32'",
}
"""What to write instead of functions that are not Keras's."""
_RANDOM = frozenset(
    {"normal", "uniform", "rand", "randn", "random", "random_normal", "random_uniform", "truncated_normal"}
)


def find(name: str, within: Within, tensors: Container[str] = ()) -> type[Operation]:
    """The operation of a function's name; ``tensors`` are names that are none."""
    found = known(name)
    if found is not None:
        return found
    raise _unknown(name, within, tensors)


def known(name: str) -> type[Operation] | None:
    """The operation of a function's name; None if formulas have none of that name."""
    for one in (name, *(name.removeprefix(module) for module in _PARTS if name.startswith(module))):
        found = layers.find(f"ops.{one}")
        if found is not None:
            assert issubclass(found, Operation)
            return found
    return None


def meant(name: str) -> str | None:
    """Keras's name of a function of another library or module, in any spelling; None if it has none."""
    *_, before, last = ("", *name.split("."))
    word = _word(name)
    renamed = word.write.removeprefix("ops.") if word is not None and word.is_exact() else _RENAMED.get(last, "")
    spelled = [f"{before}.{last}", last, renamed, last.lower()]
    for one in [renamed, *spelled] if word is not None and name in word.names else spelled:
        if layers.find(f"ops.{one}") is not None:
            return one
    key = fold(last)
    is_layer = any(fold(layer) == key for layer in layers.names()) and key not in map(fold, spellings("activation"))
    known: list[str] = [one.removeprefix("ops.") for one in (*operations.names(), *operations.ALIASES)]
    return None if is_layer else next((one for one in known if fold(one.rpartition(".")[2]) == key), None)


def _word(name: str) -> Word | None:
    """What the vocabulary says of a function: with what is before its dot, or of its name alone."""
    last = name.rpartition(".")[2]
    found = vocabulary.first("operation", name) or vocabulary.first("operation", last)
    return found if found is not None and found.write.startswith("ops.") else None


def _unknown(name: str, within: Within, tensors: Container[str]) -> ExpressionError:
    last = name.rpartition(".")[2]
    message = f"there is no function {quote_value(name)}"
    if name in tensors:
        return error(f"'{name}' is a tensor, and no function", within, f"write {name} * (...) for a product")
    layer = next((it for it in layers.names() if it.lower() == last.lower().replace("_", "")), None)
    if last in _RANDOM or name.startswith("random."):
        help = "random numbers come from layers: {type: GaussianNoise, stddev: 1.0} of zeros_like(x)"
    elif f"ops.{last}" in operations.REFUSED and last not in _ELSEWHERE:
        message, help = f"{last} cannot be used in a spec", operations.REFUSED[f"ops.{last}"]
    elif last in _ELSEWHERE:
        help = _ELSEWHERE[last]
    elif (instead := meant(name)) is not None:
        return error(message, within, instead=instead)
    elif (word := _word(name)) is not None:
        help = word.help(last).replace("ops.", "")
    elif layer is not None:
        message = f"{layer} is a layer, and a formula has operations only"
        help = f"write an item {{type: {layer}, name: ...}}, and its name here"
    else:
        names = [one.removeprefix("ops.") for one in (*operations.names(), *plugged.CLASSES["operation"])]
        forms = "functions are those of keras.ops: exp(x), sum(x, axis=1), concatenate([a, b])"
        help = did_you_mean(last, names) or forms
    return error(message, within, help)


def arguments_of(cls: type[Operation]) -> list[str]:
    """The arguments of a function in Keras's order; one that takes all that follow begins with ``*``."""
    found = keras_signatures.find(cls.signature_name())
    return [argument.name for argument in cls.tensors] if found is None else list(found.arguments)
