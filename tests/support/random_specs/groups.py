"""Several random items that belong together: copies that others read, constants, layers that are called again."""

from __future__ import annotations

from typing import Any

from tests.support.random_specs.grown import Grown
from tests.support.random_specs.kinds import Item

JOINING = ("Add", "Average", "Maximum", "Multiply", "Concatenate", "ops.concatenate", "ops.stack")
SAME = ("Rescaling", "Dropout", "Activation", "LayerNormalization")
"""Layers whose output has the shape of the input."""


def of_one_shape(grown: Grown) -> Item:
    """A layer that keeps the shape, without its name."""
    kind = grown.random.choice(SAME)
    known: dict[str, Item] = {
        "Rescaling": {"scale": grown.random.choice([0.5, 2])},
        "Dropout": {"rate": 0.25},
        "Activation": {"activation": "tanh"},
    }
    return {"type": kind, **known.get(kind, {})}


def constant(grown: Grown, name: str) -> bool:
    """A constant, what is made of it, and what adds it to a tensor."""
    source = grown.source()
    size = grown.tensors[source].shape[-1] if grown.tensors[source].shape else None
    if size is None:
        return False
    made = f"{name}c"
    kinds: list[Item] = [
        {"type": "ops.arange", "stop": size, "dtype": "float32"},
        {"type": "ops.linspace", "start": 0, "stop": 1, "num": size},
        {"type": "ops.zeros", "shape": [size]},
        {"type": "ops.ones", "shape": [size]},
        {"type": "ops.full", "shape": [1, size], "fill_value": 0.5},
        {"type": "ops.array", "x": list(range(size))},
        {"type": "ops.eye", "N": size},
    ]
    item = grown.random.choice(kinds)
    items: list[Item] = [{**item, "name": made}]
    if grown.random.random() < 0.5:
        items.append({"type": grown.random.choice(["ops.sin", "ops.square"]), "name": f"{name}d", "from": made})
        made = f"{name}d"
    join = (
        "ops.matmul" if item["type"] == "ops.eye" else grown.random.choice(["ops.add", "ops.multiply", "ops.maximum"])
    )
    return grown.add(*items, {"type": join, "name": name, "from": [source, made]})


def numbers(grown: Grown, name: str) -> bool:
    """A list of numbers where an operation takes a tensor."""
    source = grown.source()
    size = grown.tensors[source].shape[-1] if grown.tensors[source].shape else None
    if size is None or size > 50:
        return False
    values: Any = [grown.random.randint(0, 3) for _ in range(size)]
    values = grown.random.choice([values, [values], [value / 2 for value in values]])
    kind = grown.random.choice(["ops.add", "ops.multiply", "ops.maximum", "ops.less"])
    return grown.add({"type": kind, "name": name, "x2": values, "from": source})


def copies(grown: Grown, name: str) -> bool:
    """Copies side by side, copies of which each reads one of these, and a layer that reads all of them."""
    source = grown.source()
    rate = grown.random.choice([0.1, 0.25])
    first = {"type": "Rescaling", "name": f"{name}q", "scale": "$it", "each": {"it": [rate, 0.5, 2]}, "from": source}
    at = grown.random.choice([[0, 1, 2], [-1, 0], "$(range(3))", "$([2 - n for n in range(3)])"])
    read = grown.random.choice([f"{name}q[$at]", f"{name}q[$(at)]"])
    second = {**of_one_shape(grown), "name": f"{name}r", "each": {"at": at}, "from": read}
    further = [f"{name}q[-1]", f"{name}q[$(4 - 2)]", f"{name}q_2", source]
    given = [f"{name}r[*]", f"{name}q[0]", *grown.random.sample(further, grown.random.randint(0, 2))]
    third = {"type": grown.random.choice(JOINING), "name": name, "from": given}
    return grown.add(first, second, third)


def named(grown: Grown, name: str) -> bool:
    """Copies that have names of their own."""
    item = {**of_one_shape(grown), "from": grown.source()}
    names = [f"{name}a", f"{name}b"]
    forms: list[Item] = [
        {"name": "$called", "each": {"called": names}},
        {"name": f"{name}$(called)", "each": {"called": ["a", "b"]}},
        {"name": f"{name}$(['a', 'b'][index])", "each": {"it": [0, 1]}},
    ]
    form = grown.random.choice(forms)
    if not grown.add({**item, **form}):
        return False
    return grown.add({"type": grown.random.choice(JOINING), "name": name, "from": names})


def named_in_a_chain(grown: Grown, name: str) -> bool:
    """Copies in a chain that have names of their own, one of which is read."""
    item = {**of_one_shape(grown), "from": grown.source(), "name": f"{name}s$(index)", "repeat": 2}
    return grown.add(item) and grown.add({"type": "Add", "name": name, "from": [f"{name}s0", f"{name}s1"]})


def over_values(grown: Grown, name: str) -> bool:
    """A chain over values of several lists."""
    source = grown.source()
    count = grown.random.randint(0, 3)
    lists: Any = {"rate": [0.1, 0.2, 0.3][:count], "how": ["relu", "tanh", "gelu"][:count]}
    if grown.random.random() < 0.5:
        key = f"r{len(grown.spec['vars'])}"
        grown.spec = {**grown.spec, "vars": {**grown.spec["vars"], key: lists["rate"]}}
        lists = {**lists, "rate": f"${key}"}
    used: Item = grown.random.choice(
        [{"type": "Activation", "activation": "$how"}, {"type": "Dropout", "rate": "$rate"}]
    )
    return grown.add({**used, "name": f"{name}k", "repeat": lists, "from": source}) and grown.add(
        {"type": "Add", "name": name, "from": [f"{name}k", source]}
    )


def shared_side_by_side(grown: Grown, name: str) -> bool:
    """A layer that is called again on several tensors."""
    source = grown.source()
    origin = {"type": "Dense", "units": grown.random.randint(1, 4), "name": f"{name}o", "from": source}
    again = {"share": f"{name}o", "name": f"{name}e", "each": {"of": [grown.like(source), source]}, "from": "$of"}
    join = {"type": grown.random.choice(JOINING), "name": name, "from": [f"{name}o", f"{name}e[*]"]}
    return grown.add(origin, again, join)


def shared_in_a_chain(grown: Grown, name: str) -> bool:
    """A layer that is called again and again."""
    source = grown.source()
    size = grown.tensors[source].shape[-1] if grown.tensors[source].shape else None
    origin = {"type": "Dense", "units": size, "name": f"{name}o", "from": source}
    again = {"share": f"{name}o", "name": name, "repeat": grown.random.randint(1, 3), "from": f"{name}o"}
    return grown.add(origin, again)


def joined(grown: Grown, name: str) -> bool:
    """Copies that are all read by one layer."""
    item = {**of_one_shape(grown), "name": f"{name}q", "each": {"it": [1, 2]}, "from": grown.source()}
    given = grown.random.choice([[f"{name}q[*]"], [f"{name}q[0]", f"{name}q[-1]"]])
    return grown.add(item, {"type": grown.random.choice(JOINING), "name": name, "from": given})


def leaves(grown: Grown, name: str) -> bool:
    """Copies that nothing reads."""
    return grown.add({**of_one_shape(grown), "name": name, "each": {"it": [1, 2]}, "from": grown.source()})


def dense(grown: Grown, name: str) -> bool:
    """A layer of which a number says the size."""
    return grown.add({"type": "Dense", "name": name, "units": grown.random.randint(1, 4), "from": grown.source()})


def chain(grown: Grown, name: str) -> bool:
    """Copies in a chain."""
    return grown.add(
        {**of_one_shape(grown), "name": name, "repeat": grown.random.randint(1, 3), "from": grown.source()}
    )


def quantized(grown: Grown, name: str) -> bool:
    """A layer that stores its table as small integers."""
    mode = grown.random.choice(["int8", "int4", "float8"])
    policy = grown.random.choice(["float32", "mixed_bfloat16", "bfloat16"])
    item = {"type": "Dense", "units": 4, "name": name, "dtype": f"{mode}_from_{policy}", "from": grown.source()}
    return grown.add(item)


ALL = (
    constant,
    numbers,
    copies,
    named,
    named_in_a_chain,
    over_values,
    shared_side_by_side,
    shared_in_a_chain,
    joined,
    leaves,
    chain,
    quantized,
)
