"""Every layer type predicts and trains as check says: its example as it stands, and with open sizes behind what is trained."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

import specc
from specc import layers
from tests.layers.soundness import verdict

Items = list[dict[str, Any]]

NAMES = [name for name in layers.names() if not name.startswith("ops.")]

LIGHT = {
    "MelSpectrogram": {"fft_length": 8, "sequence_stride": 4, "num_mel_bins": 4},
    "STFTSpectrogram": {"frame_length": 4, "frame_step": 2, "fft_length": 8},
    "RandAugment": {"num_ops": 1},
    "AugMix": {"num_chains": 1, "chain_depth": 1},
}
"""Arguments for waves that are as short as the data here, and for what would take seconds otherwise."""

SIZED = {"CenterCrop", "Reshape", "RandomCrop"}
"""What is not the same for every size: the sizes of its example stay."""


def example(name: str) -> Items:
    """The items of the type's example, each a map."""
    cls = layers.find(name)
    assert cls is not None
    items = [{"type": item} if isinstance(item, str) else item for item in yaml.safe_load(cls.example)["layers"]]
    items = [{**item, **LIGHT.get(item.get("type", ""), {})} for item in items]
    return [{**item, "shape": [min(size, 64) for size in item["shape"]]} if is_input(item) else item for item in items]


def opened(items: Items) -> Items:
    """With all sizes open but the last of each input."""
    return [{**item, "shape": [*[None] * len(item["shape"][:-1]), *item["shape"][-1:]]} if is_input(item) else item
            for item in items]  # fmt: skip


def trained(items: Items) -> Items:
    """With something to train before all that takes floats."""
    made = []
    for item in items:
        if is_input(item) and item.get("dtype", "float32") == "float32":
            source = f"{item['name']}_in"
            made += [{**item, "name": source}]
            made += [{"type": "Dense", "name": item["name"], "units": item["shape"][-1], "from": source}]
        else:
            made.append(item)
    return made


def is_input(item: dict[str, Any]) -> bool:
    return item.get("type") == "Input"


@pytest.mark.parametrize("name", NAMES)
def test_a_type_runs_as_check_says(name: str) -> None:
    items = example(name)
    general = trained(items if name in SIZED else opened(items))
    found, failure = verdict({"layers": general})
    if any(diagnostic.severity == "error" for diagnostic in found):  # it needs sizes
        found, failure = verdict({"layers": trained(items)})
    assert {diagnostic.code for diagnostic in found} <= {"cannot-train"}
    assert failure[:5] in ("", "train" if found else ""), failure


def together(parts: dict[str, Items]) -> Items:
    """Items of several types as branches of one network, so that all are built, traced and run at once."""
    made = []
    for part, items in parts.items():
        names = {item["name"]: f"{part}_{item['name']}" for item in items if "name" in item}

        def renamed(value: Any, names: dict[str, str] = names) -> Any:
            if isinstance(value, dict):
                return {key: renamed(inner) for key, inner in value.items()}
            if isinstance(value, list):
                return [renamed(inner) for inner in value]
            head, dot, port = value.partition(".")
            return names.get(head, head) + dot + port

        for item in items:
            wired = {key: renamed(item[key]) for key in ("name", "from", "share") if key in item}
            made.append({**item, **wired})
    return made


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16", "float64"])
def test_types_run_as_check_says_in_another_dtype(policy: str) -> None:
    """What is neither refused nor warned about; pooling over three axes not every machine can compute so."""
    parts = {name: example(name) for name in NAMES[::9] if "Pooling3D" not in name}
    sound = {name: items for name, items in parts.items() if not specc.check({"dtype_policy": policy, "layers": items})}
    assert len(sound) > 10
    found, failure = verdict({"dtype_policy": policy, "layers": together(sound)})
    assert (found, failure) == ([], "")
