"""Every layer type predicts and trains as check says: its example as it stands, and with open sizes behind what is trained."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

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


@pytest.mark.parametrize("policy", ["mixed_float16", "float64"])
@pytest.mark.parametrize("name", NAMES[::9])
def test_a_type_runs_as_check_says_in_another_dtype(name: str, policy: str) -> None:
    found, failure = verdict({"dtype_policy": policy, "layers": example(name)})
    assert failure[:5] in ("", "train" if found else ""), failure
