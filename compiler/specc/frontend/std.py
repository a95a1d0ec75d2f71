"""The files of specc's own blocks, which a spec includes by name: ``std/vision``."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from specc.diagnostics.suggest import did_you_mean, fold, nearest
from specc.frontend.read import in_text, read_file, read_text
from specc.frontend.schema import Block, BlockFile
from specc.source import Document

PREFIX = "std/"
FOLDER = Path(__file__).resolve().parent.parent / "std"
EXAMPLES = FOLDER / "examples"
"""A spec for each block that shows it used, of the block's name."""
_ENDING = ".yaml"
_BLOCK = re.compile(r"^  (\w+):$", re.MULTILINE)
"""The line that begins a block; `tests/frontend/test_std.py` checks that no other line looks so."""

_KIND_OF_PART = re.compile(r"(layer|block|module|unit)s?\Z")
"""A word at the end of a folded name that does not belong to it."""
CALLED = {
    "transformer_encoder": "encoder transformer transformer_encoder_layer",
    "transformer_decoder": "decoder transformer_decoder_layer",
    "transformer_encoder_pre_norm": "pre_norm_transformer pre_norm_encoder gpt_block vit_block",
    "position_embedding": "positional_embedding position_encoding positional_encoding pos_embed learned_positions add_position",
    "token_embedding": "token_and_position_embedding text_embedding",
    "feed_forward": "ffn position_wise_feed_forward",
    "class_token": "cls_token add_class_token class_embedding",
    "learned_parameter": "parameter weight learned_query latents",
    "residual": "basic_block resblock",
    "inverted_residual": "mbconv",
    "squeeze_excite": "se squeeze_excitation squeeze_and_excitation squeeze_and_excite",
    "conv_norm_activation": "conv_bn conv_bn_relu conv_bn_act conv_bn_activation conv_norm conv_norm_act conv_norm_relu",
    "patches": "patch patch_embed patch_embedding patchify patch_extract",
    "aspp": "atrous_spatial_pyramid_pooling",
    "fpn": "feature_pyramid",
    "tcn": "temporal_conv temporal_convolution residual_tcn",
    "cross_layer": "cross feature_cross dcn_cross",
    "factorization_interaction": "fm factorization_machine fm_interaction",
    "gated_residual": "grn gated_residual_network",
    "multi_gate_experts": "mmoe multi_gate_mixture_of_experts",
    "resnet50": "resnet",
    "mobilenet_v2": "mobilenet",
    "efficientnet_b0": "efficientnet",
    "densenet121": "densenet",
    "vgg16": "vgg",
}
"""What people call specc's own blocks otherwise, in any letter case."""


def is_std(name: str) -> bool:
    """Whether an ``include`` names one of specc's own files: a name without an ending, not a path.

    >>> is_std("std/vision"), is_std("std/vision.yaml")
    (True, False)
    """
    return name.startswith(PREFIX) and "." not in name


@cache
def names() -> tuple[str, ...]:
    """What ``include`` can name: each file."""
    found = (path for path in FOLDER.rglob(f"*{_ENDING}") if EXAMPLES not in path.parents)
    return tuple(sorted(PREFIX + path.relative_to(FOLDER).with_suffix("").as_posix() for path in found))


def path_of(name: str) -> str | None:
    """The file that a name stands for; None if there is none."""
    return str(FOLDER / f"{name.removeprefix(PREFIX)}{_ENDING}") if name in names() else None


@cache
def read(name: str) -> Document:
    """The file of a name, as messages show it: ``std/vision.yaml``. A block is read when something asks for it."""
    path = FOLDER / f"{name.removeprefix(PREFIX)}{_ENDING}"
    shown, text = name + _ENDING, path.read_text(encoding="utf-8")
    if "\nlayers:" in text:  # a whole spec
        return read_file(str(path), shown)
    head, *parts = _BLOCK.split(text)
    data = read_text(head, shown, "yaml").data
    written = _Blocks(zip(parts[::2], parts[1::2], strict=True))
    return in_text(text, shown, {**data, "blocks": written}, str(path))


class _Blocks(dict[str, Any]):
    """The blocks of a file by name: each is its text until something asks for it, as a spec uses a few of many."""

    def __getitem__(self, name: str) -> Any:
        found = super().__getitem__(name)
        if isinstance(found, str):
            found = self[name] = read_text(f"{name}:{found}", name, "yaml").data[name]
        return found


class BlocksOnDemand(Mapping[str, Block]):
    """The blocks of a file, each parsed when something asks for it."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data
        self._parsed: dict[str, Block] = {}

    def __getitem__(self, name: str) -> Block:
        if name not in self._parsed:
            block, problems = Block.parse(self._data[name])
            assert block is not None, problems  # a test checks every file
            self._parsed[name] = block
        return self._parsed[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)


def parse_on_demand(document: Document) -> BlockFile:
    """What `specc.frontend.parse.parse_blocks` gives of a file with blocks, before any of them is needed."""
    given = document.data
    return BlockFile.model_construct(
        description=given.get("description"),
        include=given.get("include", []),
        blocks=BlocksOnDemand(given["blocks"]),
    )


@cache
def blocks() -> dict[str, str]:
    """The file of each block, by the block's name; a whole spec is a block of its own name."""
    found: dict[str, str] = {}
    for name in names():
        data = read(name).data
        found |= dict.fromkeys([data["name"]] if "layers" in data else data["blocks"], name)
    return found


@cache
def _spellings() -> dict[str, str]:
    """Each block by the names that people may use for it, folded."""
    return {fold(name): block for block, names in CALLED.items() for name in names.split()} | {
        fold(block): block for block in blocks()
    }


def help_for_type(kind: str, seen: Container[str]) -> str | None:
    """A help for an unknown type that is one of specc's own blocks, or another name of one; None if it is not.

    Letter case and a word at the end, such as "layer", do not count. ``seen`` are the blocks that the file sees.
    """
    key = fold(kind)
    block = _spellings().get(key) or _spellings().get(_KIND_OF_PART.sub("", key))
    return None if block is None else _include(block, kind, seen)


def help_for_slip(kind: str, seen: Container[str]) -> str | None:
    """A help for an unknown type that is nearly the name of one of specc's own blocks; None if it is not."""
    near = nearest(kind, _spellings())
    return None if near is None else _include(_spellings()[near], kind, seen)


def _include(block: str, kind: str, seen: Container[str]) -> str:
    if block in seen:
        return f"write {block}"
    written = "" if block == kind else f"write {block}, and "
    return f"{written}add include: [{blocks()[block]}], specc's own file with this block"


def help_for_name(name: str) -> str:
    """A help for an ``include`` that no file has."""
    return did_you_mean(name, names()) or f"specc's own files are {', '.join(names())}"
