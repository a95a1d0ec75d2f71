"""Models as specs: what a person would write, and what specc makes the same model of."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from specc import pipeline
from specc.archive.file import architecture
from specc.archive.native import NotNative
from specc.archive.reading.container import Contents, read_architecture
from specc.diagnostics import CompileError
from specc.importing.pipeline import import_contents

ROOT = Path(__file__).parents[2]
SPECS = sorted([*(ROOT / "specs").iterdir(), *(ROOT / "tests" / "architectures").glob("*.yaml")])


def model(spec: Path | str) -> Contents:
    """The model of a spec, read from its file."""
    given = spec if isinstance(spec, Path) else pipeline.Spec.from_text(spec)
    return read_architecture(json.dumps(architecture(pipeline.compile(given).graph)))


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.name)
def test_the_spec_of_a_model_is_of_that_model(path: Path) -> None:
    try:
        given = model(path)
    except NotNative as error:
        assert "is a constant, which Keras computes" in str(error)
        return
    assert import_contents(given).notes == []


AS_WRITTEN = [
    """\
name: two_towers
layers:
  - {type: Input, name: left, shape: [32]}
  - {type: Input, name: right, shape: [32]}
  - {type: Dense, name: encode, units: 8, activation: relu, kernel_initializer: zeros, from: left}
  - {share: encode, name: encode_1, from: right}
  - {type: Subtract, from: [encode, encode_1]}
  - {type: Dropout, rate: 0.5}
  - {type: Dense, name: same, units: 1, activation: sigmoid}
compile:
  optimizer: {type: SGD, learning_rate: 0.1}
  loss: binary_crossentropy
  metrics: [accuracy]
""",
]


@pytest.mark.parametrize("text", AS_WRITTEN, ids=lambda text: text.split("\n", 1)[0])
def test_a_spec_is_as_a_person_writes_it(text: str) -> None:
    assert import_contents(model(text)).text == text


def test_layers_that_do_not_fit_together_are_told_at_their_place_in_the_file() -> None:
    spec = "layers: [{type: Input, name: x, shape: [4]}, {type: Dense, name: a, units: 4}, {type: Add, name: b, from: [x, a]}]"
    changed = json.dumps(model(spec).saved).replace('"units": 4', '"units": 5')
    with pytest.raises(CompileError) as caught:
        import_contents(read_architecture(changed, "model.json"))
    (found,) = caught.value.diagnostics
    assert found.path == ("config", "layers", 2)
    assert found.message == "layers[2]: 'b' (Add) cannot add (None, 4) and (None, 5)"
    assert found.help is not None
    assert found.help.startswith("if Keras loads the file, this is a bug in specc")
