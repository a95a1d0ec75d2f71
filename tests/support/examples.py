"""The examples in the documentation of the layers, as items of a spec."""

from __future__ import annotations

from typing import Any

import yaml

from specc import layers

Items = list[dict[str, Any]]

NAMES = [name for name in layers.names() if not name.startswith("ops.")]

LIGHT = {
    "MelSpectrogram": {"fft_length": 8, "sequence_stride": 4, "num_mel_bins": 4},
    "STFTSpectrogram": {"frame_length": 4, "frame_step": 2, "fft_length": 8},
    "RandAugment": {"num_ops": 1},
    "AugMix": {"num_chains": 1, "chain_depth": 1},
}
"""Arguments for waves that are as short as the data here, and for what would take seconds otherwise."""


def written(name: str) -> Items:
    """The items of the type's example, each a map."""
    cls = layers.find(name)
    assert cls is not None
    return [{"type": item} if isinstance(item, str) else item for item in yaml.safe_load(cls.example)["layers"]]


def example(name: str) -> Items:
    """The items of the type's example, lighter where they would take long."""
    items = [{**item, **LIGHT.get(item.get("type", ""), {})} for item in written(name)]
    return [{**item, "shape": [min(size, 64) for size in item["shape"]]} if is_input(item) else item for item in items]


def is_input(item: dict[str, Any]) -> bool:
    return item.get("type") == "Input"
