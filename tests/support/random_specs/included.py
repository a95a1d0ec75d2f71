"""Random instances of what stands in other files: whole specs, and specc's own blocks."""

from __future__ import annotations

import json

from tests.support.random_specs import items
from tests.support.random_specs.grown import Grown
from tests.support.random_specs.kinds import Item


def _include(grown: Grown, file: str) -> None:
    """Name a file in the spec."""
    files = grown.spec.get("include", [])
    if file not in files:
        grown.spec = {**grown.spec, "include": [*files, file]}


def whole(grown: Grown, name: str, form: str | None = None) -> bool:
    """An instance of a spec, grown on Inputs of its own, that stands in a file."""
    source = grown.source()
    tensor = grown.tensors[source]
    if grown.folder is None or tensor.dtype == "string" or len(tensor.shape) < 2:
        return False
    inner = Grown(grown.random)
    inputs = [f"x{number}" for number in range(grown.random.choice([1, 1, 2]))]
    for given in inputs:
        inner.add({"type": "Input", "name": given, "shape": list(tensor.shape[1:]), "dtype": tensor.dtype})
    for number in range(grown.random.randint(1, 3)):
        for _ in range(20):
            item = grown.random.choice([items.layer, items.operation])(inner, f"m{number}")
            if item is not None and inner.add(item):
                break
    called = f"whole{len(grown.spec.get('include', []))}"
    ends = [
        {"type": "Activation", "activation": "linear", "name": f"x{number}out", "from": ref}
        for number, ref in enumerate(inner.unread)
    ]
    scaled = {"type": "Rescaling", "name": "scaledout", "scale": "$scale", "from": "x0"}
    inner.spec = {**inner.spec, "vars": {"scale": 0.5}, "layers": [*inner.spec["layers"], scaled, *ends]}
    spec = {"name": called, **{key: value for key, value in inner.spec.items() if value}}
    (grown.folder / f"{called}.json").write_text(json.dumps(spec))
    instance: Item = {"type": called, "name": name, "from": {given: grown.like(source) for given in inputs}}
    if grown.random.random() < 0.5:
        instance["scale"] = 2
    form = form or grown.random.choice(["expanded", "nested", "frozen"])
    if form == "nested" or (form == "frozen" and grown.random.random() < 0.5):
        instance["nested"] = True
    if form == "frozen":
        instance["trainable"] = False
    _include(grown, f"{called}.json")
    return grown.add(instance)


_BY_RANK: dict[int, list[tuple[str, str, Item]]] = {
    2: [
        ("tabular", "gated_residual", {"units": 3}),
        ("tabular", "multi_gate_experts", {"units": 2, "experts": 2}),
        ("parameters", "layer_scale", {}),
        ("recurrent", "gated_linear_unit", {"units": 3}),
    ],
    3: [
        ("transformer", "position_embedding", {}),
        ("transformer", "position_embedding", {"length": 64}),
        ("transformer", "transformer_encoder", {"heads": 1}),
        ("transformer", "transformer_encoder_pre_norm", {"heads": 1, "causal": True, "dropout": 0.1}),
        ("transformer", "feed_forward", {"expansion": 2}),
        ("parameters", "class_token", {}),
        ("recurrent", "tcn", {"filters": 3, "dilation_rate": 2}),
        ("recurrent", "wavenet", {"filters": 2, "skips": 3}),
        ("tabular", "factorization_interaction", {}),
    ],
    4: [
        ("vision", "conv_norm_activation", {"filters": 2}),
        ("vision", "residual", {"filters": 3, "strides": 2}),
        ("vision", "squeeze_excite", {"ratio": 2}),
        ("vision", "inverted_residual", {"filters": 2, "expansion": 2}),
        ("vision", "dense_block", {"depth": 2, "growth": 2}),
        ("vision", "patches", {"size": 2, "width": 4}),
        ("vision", "unet_down", {"filters": 2}),
    ],
}


def own(grown: Grown, name: str) -> bool:
    """An instance of one of specc's own blocks."""
    source = grown.source()
    known = _BY_RANK.get(len(grown.tensors[source].shape))
    if known is None:
        return False
    file, block, arguments = grown.random.choice(known)
    item: Item = {"type": block, "name": name, **arguments, "from": source}
    if grown.random.random() < 0.2:
        item["nested"] = True
    if grown.random.random() < 0.2 and _keeps_the_shape(block):
        item["repeat"] = 2
    _include(grown, f"std/{file}")
    return grown.add(item)


def _keeps_the_shape(block: str) -> bool:
    return block in ("layer_scale", "position_embedding", "transformer_encoder", "feed_forward", "squeeze_excite")
