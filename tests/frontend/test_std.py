"""specc's own blocks: any spec includes them by name, and they stand in nobody's way."""

from __future__ import annotations

from pathlib import Path

import pytest

import specc
from specc import layers
from specc.diagnostics.suggest import fold
from specc.diagnostics.text import file_name
from specc.frontend import std
from specc.frontend.read import read_file

SPEC = """\
include: [std/parameters]
layers:
  - {type: Input, name: x, shape: [7, 4]}
  - {type: layer_scale, name: y, width: 4}
"""
BLOCK = "blocks:\n  layer_scale:\n    inputs: [x]\n    layers:\n      - {type: Dense, name: out, units: 2}\n    outputs: [out]\n"


def said(found: specc.Diagnostic) -> str:
    return f"{Path(file_name(found.place)).name}:{found.place.span.line} {found.code}: {found.message}"


def test_a_spec_from_anywhere_includes_them(tmp_path: Path) -> None:
    (tmp_path / "spec.yaml").write_text(SPEC)
    given = {
        "include": ["std/parameters"],
        "layers": [
            {"type": "Input", "name": "x", "shape": [7, 4]},
            {"type": "layer_scale", "name": "y", "width": 4},
        ],
    }
    for spec in (tmp_path / "spec.yaml", specc.Spec.from_text(SPEC), given):
        assert specc.check(spec) == []
        assert specc.compile(spec).params == 4


def test_a_block_file_includes_them_for_itself_and_its_spec(tmp_path: Path) -> None:
    (tmp_path / "blocks.yaml").write_text(
        "include: [std/parameters]\nblocks:\n  scaled:\n    inputs: [x]\n    layers:\n"
        "      - {type: layer_scale, name: out, width: 4}\n    outputs: [out]\n"
    )
    spec = SPEC.replace("std/parameters", "blocks.yaml") + "  - {type: scaled, name: z}\n"
    (tmp_path / "spec.yaml").write_text(spec)
    assert specc.compile(tmp_path / "spec.yaml").params == 8


def test_the_spec_s_own_block_wins() -> None:
    own = SPEC.replace("layers:", BLOCK + "layers:", 1).replace(", width: 4", "")
    assert specc.check(specc.Spec.from_text(own)) == []
    assert specc.compile(specc.Spec.from_text(own)).params == 4 * 2 + 2


def test_a_block_is_read_only_where_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(std.BlocksOnDemand, "__getitem__", lambda self, name: asked.append(name))
    specc.check(specc.Spec.from_text(SPEC.replace("{type: layer_scale, name: y, width: 4}", "Flatten")))
    assert asked == []


def test_blocks_to_spare_are_no_mistake() -> None:
    assert specc.check(specc.Spec.from_text(SPEC)) == []
    (found,) = specc.check(specc.Spec.from_text(SPEC.replace("{type: layer_scale, name: y, width: 4}", "Flatten")))
    assert found.code == "unused-include"


def test_an_error_inside_shows_the_line_there() -> None:
    (found,) = specc.check(specc.Spec.from_text(SPEC.replace("width: 4", "width: a")))
    assert said(found).startswith("<text>:4 argument-value: 'y.out' (EinsumDense): output_shape must be")
    assert [file_name(it.place) for it in found.related] == ["std/parameters.yaml"]


@pytest.mark.parametrize(
    ("name", "help"),
    [
        ("std/paramters", "did you mean 'std/parameters'?"),
        ("std/nothing", "specc's own files are "),
        ("std/examples/layer_scale", "specc's own files are "),
    ],
)
def test_a_file_that_there_is_not(name: str, help: str) -> None:
    (found,) = specc.check(specc.Spec.from_text(SPEC.replace("std/parameters", name)))
    assert (found.code, found.message) == ("include", f'specc has no file "{name}"')
    assert (found.help or "").startswith(help)


@pytest.mark.parametrize("name", ["std/../frontend/std", "std/parameters.yaml", "std//parameters", "./std/parameters"])
def test_no_other_way_leads_into_the_package(tmp_path: Path, name: str) -> None:
    (tmp_path / "spec.yaml").write_text(SPEC.replace("std/parameters", name))
    assert [it.code for it in specc.check(tmp_path / "spec.yaml")] == ["include"]


@pytest.mark.parametrize(
    ("item", "help"),
    [
        ("{type: layer_scale, width: 4}", "add include: [std/parameters], specc's own file with this block"),
        ("{type: LayerScale, width: 4, when: false}", "write layer_scale, and add include: [std/parameters]"),
        ("{type: TimeDistributed, layer: layer_scale}", "add include: [std/parameters]"),
        ("{type: encoder_layer}", "write transformer_encoder, and add include: [std/transformer]"),
        ("{type: TransformerEncoderLayer}", "write transformer_encoder, and add include: [std/transformer]"),
        ("{type: PatchEmbed}", "write patches, and add include: [std/vision]"),
        ("{type: squeeze_exite, when: false}", "write squeeze_excite, and add include: [std/vision]"),
        ("{type: ResNet}", "write resnet50, and add include: [std/backbones/resnet50]"),
        ("{type: Dens}", "did you mean 'Dense'?"),
        ("{type: nothing_alike}", "'specc layers' lists the layer types"),
    ],
)
def test_a_type_that_is_one_of_them_says_what_to_include(item: str, help: str) -> None:
    spec = f"layers:\n  - {{type: Input, name: x, shape: [7, 4]}}\n  - {item}\n  - {{type: Dense, name: y, units: 1}}\n"
    (found,) = specc.check(specc.Spec.from_text(spec))
    assert found.code == "unknown-layer"
    assert (found.help or "").startswith(help)


def test_a_block_that_the_file_sees_comes_first() -> None:
    items = "  - {type: ScaledLayer}\n  - {type: learned_query}\n"
    block = "blocks:\n  scaled_layers: {inputs: [i], layers: [{type: ReLU, name: o}], outputs: [o]}\n"
    text = f"include: [std/parameters]\n{block}layers:\n  - {{type: Input, name: x, shape: [7, 4]}}\n{items}"
    helps = [found.help for found in specc.check(specc.Spec.from_text(text))]
    assert helps == ["did you mean 'scaled_layers'?", "write learned_parameter"]


def test_every_name_that_people_use_is_of_one_block() -> None:
    names = [fold(name) for called in std.CALLED.values() for name in called.split()]
    assert len(names) == len(set(names))
    assert not {*names} & {*map(fold, [*std.blocks(), *layers.names()])}
    assert std.CALLED.keys() <= std.blocks().keys()


def test_every_file_is_sound_and_has_blocks_of_its_own() -> None:
    for name in std.names():
        path = std.FOLDER.parent / f"{name}.yaml"
        assert specc.check(path) == [], name
        whole = read_file(str(path)).data
        on_demand = std.read(name).data
        if "layers" in whole:
            assert whole == on_demand
            continue
        assert whole == {**on_demand, "blocks": {block: on_demand["blocks"][block] for block in on_demand["blocks"]}}
    found = [std.read(name).data for name in std.names()]
    assert len(std.blocks()) == sum(1 if "layers" in data else len(data["blocks"]) for data in found)
