"""specc's own blocks as ``specc layers`` and docs/blocks.md show them: each has words, a sound example, and its text."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import specc
from specc.frontend import std
from specc.language import std_pages, type_pages
from specc.language.std_pages import StdBlock

BLOCKS = std_pages.blocks()


@pytest.mark.parametrize("block", BLOCKS, ids=lambda it: it.name)
def test_every_block_is_described_in_words(block: StdBlock) -> None:
    assert block.description.endswith(".")
    for argument in block.block.args:
        assert block.about(argument), f"a comment behind '{argument}' says what it is"
    page = std_pages.describe(block)
    assert page.startswith(f"{block.name}: a block of {block.file}\n")
    assert all(f"\n  {name} " in page for name in block.block.args)
    assert json.loads(json.dumps(std_pages.as_dict(block)))["kind"] == "block"
    assert block.name in type_pages.overview()
    assert f"### {block.name}\n" in std_pages.markdown("pictures")


@pytest.mark.parametrize("block", BLOCKS, ids=lambda it: it.name)
def test_every_example_uses_its_block_and_is_sound(block: StdBlock) -> None:
    assert specc.check(block.example) == []
    graph = specc.compile(block.example).graph
    assert block.name in {it.block for it in graph.instances.values()} | {it.type for it in graph.nodes.values()}


@pytest.mark.parametrize("block", [it for it in BLOCKS if not it.is_whole], ids=lambda it: it.name)
def test_the_source_of_a_block_needs_no_include(block: StdBlock) -> None:
    """A copy of the text, and of those of other blocks in the example, in a spec of one's own gives the same model."""
    example = block.example.read_text()
    used = {block.name, *re.findall(r"type: (\w+)", example)}
    copies: dict[str, str] = {}
    for text in (std_pages.source(it) for it in BLOCKS if it.name in used):
        copies |= {part.split(":")[0]: part for part in re.split(r"^(?=  \w+:$)", text, flags=re.MULTILINE)[1:]}
    copied = "\n".join(["blocks:", *(it.rstrip() for it in copies.values()), example.partition("\n")[2]])
    own, of_std = (specc.compile(specc.Spec.from_text(text)) for text in (copied, example))
    assert own.source() == of_std.source()


def test_examples_belong_to_blocks() -> None:
    assert {path.stem for path in std.EXAMPLES.iterdir()} == {it.name for it in BLOCKS}


def test_files_list_their_blocks() -> None:
    for group, inside in std_pages.groups().items():
        assert all(f"\n{it.name}(" in std_pages.listed(group) for it in inside)
        assert std_pages.named(group) == inside
    assert sum(map(len, std_pages.groups().values())) == len(BLOCKS)


def test_files_have_blocks_and_nothing_that_a_copy_would_lack() -> None:
    for name in std.names():
        data = std.read(name).data
        assert "layers" in data or data.keys() <= {"description", "include", "blocks"}
        assert Path(std.path_of(name) or "").is_file()


def test_whole_specs_are_the_examples_of_specs() -> None:
    """Each fact stands once: specs/ has links to the files of the package."""
    specs = Path(__file__).parent.parent.parent / "specs"
    for block in BLOCKS:
        if block.is_whole:
            assert (specs / f"{block.name}.yaml").resolve() == Path(std.path_of(block.file) or "")
            assert std_pages.source(block) + "\n" == (specs / f"{block.name}.yaml").read_text()


def test_a_block_is_found_in_any_letter_case() -> None:
    found = std_pages.find("LayerScale")
    assert found is not None
    assert found.name == "layer_scale"
    assert found == std_pages.find("layer_scale")
    whole = std_pages.find("std/backbones/resnet50")
    assert whole == std_pages.find("ResNet50")
    assert std_pages.find("Dense") is None
