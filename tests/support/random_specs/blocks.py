"""Random blocks and their instances."""

from __future__ import annotations

from typing import Any

from specc.shapes import Tensor
from tests.support.random_specs import items
from tests.support.random_specs.groups import JOINING, of_one_shape
from tests.support.random_specs.grown import Grown
from tests.support.random_specs.kinds import POLICIES, Item


def instance(grown: Grown, name: str) -> Item | None:
    """An instance of a block, which is drawn too if there is none yet, and sometimes if there is."""
    source = grown.source()
    if not kinds(grown) or grown.random.random() < 0.4:
        block = drawn_block(grown, grown.tensors[source])
        if block is None:
            return None
        _defined(grown, block)
    kind = grown.random.choice(kinds(grown))
    block = grown.spec["blocks"][kind]
    chance = grown.random.random
    item: Item = {"type": kind, "name": name}
    for argument, default in block.get("args", {}).items():
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
        numbers = [key for key in item if key in block.get("args", {})]
        if numbers:
            item[numbers[0]] = "$it"
    if chance() < 0.1:
        item["trainable"] = False
    if chance() < 0.1:
        item["dtype"] = grown.random.choice(POLICIES)
    return item


def kinds(grown: Grown) -> list[str]:
    """The blocks whose inputs take one tensor each."""
    blocks = grown.spec["blocks"].items()
    return [name for name, block in blocks if all(isinstance(given, str) for given in block["inputs"])]


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
    axis = grown.random.randrange(1, len(tensor.shape)) if len(tensor.shape) > 1 else 0
    size = tensor.shape[axis]
    for item in members:
        for key, value in item.items():
            if type(value) is int and key in ("units", "filters", "output_dim") and grown.random.random() < 0.5:
                argument = f"{key}_{item['name']}"
                args[argument] = grown.random.choice([None, value])
                item[key] = f"${argument}"
            elif type(value) is int and size is not None and grown.random.random() < 0.2:
                item[key] = f"$(shape(x0)[{axis}] + {value - size})"
    outputs: Any = outs
    if grown.random.random() < 0.3:
        outputs = {f"port{number}": out for number, out in enumerate(outs)}
    return {"args": args, "inputs": [f"x{number}" for number in range(count)], "layers": members, "outputs": outputs}


# -- Blocks of a certain form --------------------------------------------------------------------


def _defined(grown: Grown, block: Item) -> str:
    """The name of a new block of the spec."""
    kind = f"block{len(grown.spec['blocks'])}"
    grown.spec = {**grown.spec, "blocks": {**grown.spec["blocks"], kind: block}}
    return kind


def handed_on(grown: Grown, name: str, by_number: bool | None = None) -> bool:
    """A chain of copies of a block that hand on two tensors, both of which are read."""
    source = grown.source()
    inner = of_one_shape(grown)
    total = grown.random.choice(["t", "total"])
    kind = _defined(
        grown,
        {
            "inputs": ["x", total],
            "layers": [
                {**inner, "name": "main", "from": "x"},
                {"type": grown.random.choice(["Add", "Maximum"]), "name": "both", "from": [total, "main"]},
            ],
            "outputs": {"x": "main", total: "both"},
        },
    )
    item = {
        "type": kind,
        "name": f"{name}h",
        "repeat": grown.random.randint(1, 3),
        "from": {"x": source, total: source},
    }
    if grown.random.random() < 0.3:
        item["nested"] = True
    given = [f"{name}h", f"{name}h.{total}"]
    if by_number or (by_number is None and grown.random.random() < 0.6):
        given = grown.random.choice([[f"{name}h[*].{total}", f"{name}h"], [f"{name}h[-1].{total}", f"{name}h[0]"]])
    return grown.add(item, {"type": grown.random.choice(JOINING), "name": name, "from": given})


def many(grown: Grown, name: str) -> bool:
    """A block of which an input takes several tensors."""
    source = grown.source()
    joining = grown.random.choice(JOINING)
    inputs: list[Any] = [{"name": "rest", "many": True}]
    given: Any = [grown.like(source) for _ in range(grown.random.randint(2, 3))]
    wiring: Any = {"rest": given}
    if grown.random.random() < 0.6:
        inputs = ["x", *inputs]
        wiring = {"x": source, "rest": given} if grown.random.random() < 0.5 else [source, *given]
    first = {"type": joining, "name": "joined", "from": ["x", "rest"] if len(inputs) > 1 else "rest"}
    last: list[Item] = [{"type": "Activation", "activation": "relu", "name": "out"}]
    if grown.random.random() < 0.4:
        last = [{"type": "Add", "name": "out", "from": ["rest[0]", "rest[-1]"]}]
    layers = [first, *last] if "from" not in last[0] else last
    kind = _defined(grown, {"inputs": inputs, "layers": layers, "outputs": ["out"]})
    return grown.add({"type": kind, "name": name, "from": wiring})


def shared_by_argument(grown: Grown, name: str) -> bool:
    """A block that calls a layer again whose name it is given."""
    source = grown.source()
    origin = {"type": "Dense", "units": grown.random.randint(1, 4), "name": f"{name}o", "from": source}
    layers = [{"share": "$head", "name": "said"}, {**of_one_shape(grown), "name": "out"}]
    kind = _defined(grown, {"args": {"head": None}, "inputs": ["x"], "layers": layers, "outputs": ["out"]})
    item = {"type": kind, "name": f"{name}i", "head": f"{name}o", "from": grown.like(source)}
    return grown.add(origin, item, {"type": "Add", "name": name, "from": [f"{name}o", f"{name}i"]})


def by_its_size(grown: Grown, name: str) -> bool:
    """A residual block: what its input's size decides is there in the first copy only."""
    source = grown.source()
    layers: list[Item] = [
        {"type": "Dense", "name": "main", "units": "$units", "from": "x"},
        {"type": "Dense", "name": "side", "units": "$units", "from": "x", "when": "$(shape(x)[-1] != units)"},
        {"type": "Add", "name": "out", "from": ["main", "side"]},
    ]
    args = {"units": grown.random.choice([None, "$(shape(x)[-1] + 1)"])}
    kind = _defined(grown, {"args": args, "inputs": ["x"], "layers": layers, "outputs": ["out"]})
    item: Item = {"type": kind, "name": name, "units": 3, "repeat": grown.random.randint(1, 2), "from": source}
    if args["units"] is not None:
        del item["units"]
    return grown.add(item)


def outputs_of_copies(grown: Grown, name: str) -> bool:
    """A block that gives copies of an item by number."""
    source = grown.source()
    layers: list[Item] = [{**of_one_shape(grown), "name": "unit", "repeat": 2, "from": "x"}]
    outputs: Any = grown.random.choice(
        [{"first": "unit[0]", "last": "unit[-1]"}, ["unit[0]"], {"one": "unit[$(1 - 1)]"}]
    )
    kind = _defined(grown, {"inputs": ["x"], "layers": layers, "outputs": outputs})
    return grown.add({"type": kind, "name": name, "from": source})


def head(grown: Grown, name: str) -> bool:
    """An instance and a chain that nothing reads, which are outputs by their own names."""
    source = grown.source()
    layers = [{"type": "Dense", "name": "hidden", "units": 2}, {"type": "Dense", "name": "out", "units": 2}]
    kind = _defined(grown, {"inputs": ["x"], "layers": layers, "outputs": ["out"]})
    chain = {"type": "Dense", "name": f"{name}y", "units": 3, "repeat": 2, "from": source}
    return grown.add({"type": kind, "name": name, "from": source}, chain)


OF_A_FORM = (handed_on, many, shared_by_argument, by_its_size, outputs_of_copies, head)
