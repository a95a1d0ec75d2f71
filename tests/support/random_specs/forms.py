"""The forms of the language that random specs must have: how each is drawn, and how to see that a spec has it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.support.random_specs import blocks, formulas, groups, included, items, plugged
from tests.support.random_specs.grown import Grown
from tests.support.random_specs.kinds import Item


@dataclass
class Form:
    """A form: whether a spec has it, and what draws it; without ``draw``, it is another way to write a spec."""

    found: Callable[[Item], bool]
    draw: Callable[[Grown, str], Item | bool | None] | None = None
    needs_files: bool = False
    needs_plugin: bool = False


def _items(spec: Item) -> Iterator[Item]:
    """All items, also those of blocks."""
    for layers in [spec["layers"], *(block["layers"] for block in spec.get("blocks", {}).values())]:
        yield from ({"type": item} if isinstance(item, str) else item for item in layers)


def _some(test: Callable[[Item], object]) -> Callable[[Item], bool]:
    return lambda spec: any(test(item) for item in _items(spec))


def _in(key: str, pattern: str) -> Callable[[Item], bool]:
    """What a key of an item contains."""
    return _some(lambda item: re.search(pattern, json.dumps(item.get(key, ""))))


def _read(pattern: str) -> Callable[[Item], bool]:
    """What the references to inputs contain."""

    def found(spec: Item) -> bool:
        given = [[item.get("from") for item in _items(spec)], spec.get("edges")]
        return re.search(pattern, json.dumps(given)) is not None

    return found


def _block(test: Callable[[Item], object]) -> Callable[[Item], bool]:
    return lambda spec: any(test(block) for block in spec.get("blocks", {}).values())


def _instance(spec: Item, test: Callable[[Item], object]) -> bool:
    """Whether there is such an instance of an included file that is a spec."""
    return any("whole" in item.get("type", "") and test(item) for item in _items(spec))


def _hands_on(spec: Item) -> bool:
    chained = {item["type"] for item in _items(spec) if "repeat" in item and "type" in item}
    handed = [
        name for name, block in spec.get("blocks", {}).items() if list(block["outputs"])[1:] == block["inputs"][1:]
    ]
    return any(name in chained and len(spec["blocks"][name]["inputs"]) > 1 for name in handed)


def _asked_by_name(spec: Item) -> bool:
    losses = spec.get("compile", {}).get("loss", {})
    called = {
        item["name"] for item in spec["layers"] if isinstance(item, dict) and "name" in item and _is_several(item, spec)
    }
    return bool(called & set(losses))


def _is_several(item: Item, spec: Item) -> bool:
    return item.get("type") in spec.get("blocks", {}) or "repeat" in item


def _shape(item: Item) -> bool:
    given = {
        key: value for key, value in item.items() if key not in ("when", "repeat", "each", "description", "formula")
    }
    return "shape(" in json.dumps(given)


def _formula(*patterns: str) -> Callable[[Item], bool]:
    """One formula of the spec has all of these."""
    return _some(lambda item: "formula" in item and all(re.search(each, item["formula"]) for each in patterns))


def _trained(key: str, pattern: str) -> Callable[[Item], bool]:
    """What a key of ``compile`` contains."""
    return lambda spec: re.search(pattern, json.dumps(spec.get("compile", {}).get(key, ""))) is not None


def _plugged(found: Callable[[Item], bool], draw: Callable[[Grown, str], Item | None]) -> Form:
    return Form(found, draw, needs_plugin=True)


def _asked(part: str) -> Callable[[Grown, str], Item | None]:
    return partial(formulas.formula, part=part)


FORMS: dict[str, Form] = {
    "a constant": Form(_in("type", r"ops\.(arange|linspace|zeros|ones|full|array|eye)\b"), groups.constant),
    "numbers for a tensor": Form(_some(lambda it: isinstance(it.get("x2"), list)), groups.numbers),
    "a copy by number": Form(_read(r"\w\[-?\d+\]"), groups.copies),
    "all copies": Form(_read(r"\[\*\]"), groups.copies),
    "each over copies": Form(_some(lambda it: "each" in it and "[$" in json.dumps(it.get("from"))), groups.copies),
    "a port of copies": Form(_read(r"\]\.\w"), partial(blocks.handed_on, by_number=True)),
    "copies in outputs": Form(lambda spec: "[" in json.dumps(list(_listed(spec.get("outputs", [])))), groups.leaves),
    "copies in edges": Form(
        lambda spec: re.search(r"\w\[", json.dumps(spec.get("edges", []))) is not None, groups.joined
    ),
    "copies in outputs of blocks": Form(
        _block(lambda it: "[" in "".join(_listed(it["outputs"]))), blocks.outputs_of_copies
    ),
    "names of their own": Form(_some(lambda it: "$" in it.get("name", "") and "each" in it), groups.named),
    "names of their own in a chain": Form(
        _some(lambda it: "$" in it.get("name", "") and "repeat" in it), groups.named_in_a_chain
    ),
    "a chain over values": Form(_some(lambda it: isinstance(it.get("repeat"), dict)), groups.over_values),
    "outputs handed on": Form(_hands_on, blocks.handed_on),
    "many tensors for an input": Form(
        _block(lambda it: any(isinstance(each, dict) for each in it["inputs"])), blocks.many
    ),
    "share with each": Form(_some(lambda it: "share" in it and "each" in it), groups.shared_side_by_side),
    "share with repeat": Form(_some(lambda it: "share" in it and "repeat" in it), groups.shared_in_a_chain),
    "share by an argument": Form(_some(lambda it: "$" in it.get("share", "")), blocks.shared_by_argument),
    "a whole spec": Form(lambda it: _instance(it, lambda _: True), partial(included.whole, form="expanded"), True),
    "a nested whole spec": Form(
        lambda it: _instance(it, lambda item: "nested" in item), partial(included.whole, form="nested"), True
    ),
    "a frozen whole spec": Form(
        lambda it: _instance(it, lambda item: item.get("trainable") is False),
        partial(included.whole, form="frozen"),
        True,
    ),
    "a block of specc's": Form(lambda spec: "std/" in json.dumps(spec.get("include", [])), included.own),
    "a quantized policy": Form(_in("dtype", r"(int8|int4|float8)_from_"), groups.quantized),
    "a formula with operators": Form(
        _formula(*map(re.escape, ("+", "-", "*", "/", "//", "%", "**"))), _asked("operators")
    ),
    "a formula with comparisons": Form(_formula("==", "!=", "< ", "<=", "> ", ">="), _asked("comparisons")),
    "a formula with logic": Form(_formula("&", r"\|", "~"), _asked("logic")),
    "a formula with minus": Form(_formula("^-"), _asked("minus")),
    "a formula with @": Form(_formula("@"), _asked("@")),
    "a formula with an index": Form(_formula(r"\)\[[:.]"), _asked("index")),
    "a formula with a function": Form(_formula(r"\w\("), _asked("functions")),
    "a formula with numbers": Form(_formula(r"\+ \["), _asked("constants")),
    "a formula with values": Form(_formula(r"\$"), _asked("values")),
    "a formula with several outputs": Form(_formula(r"\)\[\d\]|concatenate"), _asked("several")),
    "a size in a block": Form(_block(lambda it: "shape(" in json.dumps(it["layers"])), blocks.by_its_size),
    "a size": Form(lambda spec: any(isinstance(it, dict) and _shape(it) for it in spec["layers"]), groups.dense),
    "a size in when": Form(
        lambda spec: any("shape(" in json.dumps(it.get("when", "")) for it in _items(spec)), items.absent
    ),
    "a size in repeat": Form(_in("repeat", r"shape\("), groups.chain),
    "an expression": Form(lambda spec: " for " in json.dumps([spec.get("vars"), spec["layers"]])),
    "outputs by their items' names": Form(_asked_by_name, blocks.head),
    "a layer of a plugin": _plugged(_in("type", plugged.LAYER), plugged.layer),
    "a layer of a plugin inside another": _plugged(_in("layer", plugged.LAYER), partial(plugged.layer, inside=True)),
    "an operation of a plugin": _plugged(_in("type", "|".join(plugged.OPERATIONS)), plugged.operation),
    "an operation of a plugin in a formula": _plugged(_formula(r"squash\("), plugged.formula),
    "an activation of a plugin": _plugged(_in("activation", plugged.ACTIVATION), plugged.activation),
    "weights by a plugin": _plugged(_in("kernel_initializer", "(?i)flat"), plugged.weights),
    "a loss of a plugin": _plugged(_trained("loss", "(?i)pinball"), plugged.trained),
    "a metric of a plugin": _plugged(_trained("metrics", "Near"), plugged.trained),
    "an optimizer of a plugin": _plugged(_trained("optimizer", "(?i)signs"), plugged.trained),
    "a description": Form(lambda spec: any("description" in it for it in [spec, *_items(spec)])),
    "freeze": Form(lambda spec: "freeze" in spec),
}
"""The forms by their names."""


def _listed(outputs: Any) -> list[str]:
    return list(outputs.values()) if isinstance(outputs, dict) else outputs
