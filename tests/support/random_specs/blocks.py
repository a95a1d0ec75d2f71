"""Random blocks and their instances."""

from __future__ import annotations

from typing import Any

from specc.shapes import Tensor
from tests.support.random_specs import items
from tests.support.random_specs.grown import Grown
from tests.support.random_specs.kinds import POLICIES, Item


def instance(grown: Grown, name: str) -> Item | None:
    """An instance of a block, which is drawn too if there is none yet, and sometimes if there is."""
    source = grown.source()
    if not grown.spec["blocks"] or grown.random.random() < 0.4:
        block = drawn_block(grown, grown.tensors[source])
        if block is None:
            return None
        kind = f"block{len(grown.spec['blocks'])}"
        grown.spec["blocks"] = {**grown.spec["blocks"], kind: block}
    kind = grown.random.choice(list(grown.spec["blocks"]))
    block = grown.spec["blocks"][kind]
    chance = grown.random.random
    item = {"type": kind, "name": name}
    for argument, default in block["args"].items():
        if default is None or chance() < 0.5:
            item[argument] = grown.random.randint(1, 4)
    sources = [source, *(grown.like(source) for _ in block["inputs"][1:])]
    item["from"] = source if len(sources) == 1 else dict(zip(block["inputs"], sources, strict=True))
    if chance() < 0.4:
        item["nested"] = True
        if chance() < 0.2:
            item["call"] = {"training": chance() < 0.5}
    if chance() < 0.2:
        item["repeat"] = grown.random.randint(1, 3)
    elif chance() < 0.1:
        item["each"] = {"it": [1, 2]}
        numbers = [key for key in item if key in block["args"]]
        if numbers:
            item[numbers[0]] = "$it"
    if chance() < 0.1:
        item["trainable"] = False
    if chance() < 0.1:
        item["dtype"] = grown.random.choice(POLICIES)
    return item


def drawn_block(grown: Grown, tensor: Tensor) -> Item | None:
    """A block that can be called on a tensor: grown on an Input of its own, whose place its inputs take."""
    if tensor.dtype == "string" or not tensor.shape:
        return None
    inner = Grown(grown.random)
    if "dtype_policy" in grown.spec:
        inner.spec["dtype_policy"] = grown.spec["dtype_policy"]
    count = grown.random.choice([1, 1, 1, 2])
    for number in range(count):
        given = {"batch_shape": list(tensor.shape), "dtype": tensor.dtype}
        inner.add({"type": "Input", "name": f"x{number}", **given})
    for number in range(grown.random.randint(1, 4)):
        for _ in range(20):
            draw = grown.random.choice([items.layer, items.layer, items.operation, items.several])
            item = draw(inner, f"m{number}")
            if item is not None and inner.add(item):
                break
    members = inner.spec["layers"][count:]
    leaves = [ref for ref in inner.unread if not ref.startswith("x")]
    unused = [ref for ref in inner.unread if ref.startswith("x")]
    if not leaves:
        return None
    outs = []
    for number, leaf in enumerate(leaves):
        out = f"{number}out"
        members = [*members, {"type": "Identity", "name": out, "from": leaf}]
        outs.append(out)
    for number, leaf in enumerate(unused):
        members = [*members, {"type": "Activation", "activation": "relu", "name": f"u{number}out", "from": leaf}]
        outs.append(f"u{number}out")
    args: dict[str, Any] = {}
    for item in members:
        for key, value in item.items():
            if type(value) is int and key in ("units", "filters", "output_dim") and grown.random.random() < 0.5:
                argument = f"{key}_{item['name']}"
                args[argument] = grown.random.choice([None, value])
                item[key] = f"${argument}"
    outputs: Any = outs
    if grown.random.random() < 0.3:
        outputs = {f"port{number}": out for number, out in enumerate(outs)}
    return {"args": args, "inputs": [f"x{number}" for number in range(count)], "layers": members, "outputs": outputs}
