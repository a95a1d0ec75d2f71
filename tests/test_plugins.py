"""Plugins: layer classes from modules that the user names, and never the spec."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from tests.support.apart import Apart
from tests.support.command import process, specc

PLUGIN = """
from typing import ClassVar

from specc import layers
from specc.layers.base import Layer


class Double(Layer):
    \"\"\"Twice its input.\"\"\"

    imported_from: ClassVar[str] = "doubling_keras"
    offset: float = 0.0


layers.add(Double)
"""


PLUGIN_KERAS = """
import keras


@keras.saving.register_keras_serializable("doubling")
class Double(keras.layers.Layer):
    def __init__(self, offset=0.0, **kwargs):
        super().__init__(**kwargs)
        self.offset = offset

    def call(self, inputs):
        return 2 * inputs + self.offset

    def get_config(self):
        return {**super().get_config(), "offset": self.offset}
"""


DOUBLED = "name: doubled\nlayers:\n  - {type: Input, name: x, shape: [4]}\n  - {type: Double, name: y, offset: 1.5}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good.yaml").write_text(
        "layers: [{type: Input, name: x, shape: [4]}, {type: Dense, name: y, units: 8}]\n"
    )
    return tmp_path


@pytest.fixture
def plugged(folder: Path) -> Path:
    (folder / "doubling.py").write_text(PLUGIN)
    (folder / "doubling_keras.py").write_text(PLUGIN_KERAS)
    (folder / "doubled.yaml").write_text(DOUBLED)
    (folder / "pyproject.toml").write_text('[tool.specc]\nplugins = ["doubling"]\n')
    return folder


def test_a_plugin_of_the_project_is_checked_and_built(plugged: Path, processes: Apart) -> None:
    checked = process("check", "doubled.yaml", folder=plugged)
    assert (checked.returncode, checked.stderr) == (0, b"")
    assert checked.stdout == b"doubled.yaml: Sequential, x (None, 4) -> y (None, 4), 1 layer, 0 parameters\n"
    assert "Twice its input." in processes.start(plugged, "layers", "Double").done().out
    built = processes.start(plugged, "build", "doubled.yaml").done()
    assert (built.code, built.out) == (0, "wrote doubled.keras\n")
    with zipfile.ZipFile(plugged / "doubled.keras") as file:
        layer = json.loads(file.read("config.json"))["config"]["layers"][1]
    assert (layer["module"], layer["registered_name"], layer["config"]["offset"]) == (
        "doubling_keras",
        "doubling>Double",
        1.5,
    )


def test_a_plugin_is_only_what_the_user_names(plugged: Path, processes: Apart) -> None:
    (plugged / "pyproject.toml").unlink()
    assert "error[unknown-layer]" in processes.start(plugged, "check", "doubled.yaml").done().out
    assert processes.start(plugged, "check", "--plugin", "doubling", "doubled.yaml").done().code == 0


@pytest.mark.parametrize(("text", "reason"), [
    (None, "ModuleNotFoundError: No module named 'broken_"), ("1 / 0", "ZeroDivisionError: division by zero"),
    ("import sys; sys.exit()", "SystemExit: "), ("class", "SyntaxError: invalid syntax"), ("raise ValueError('a\\n\\x1b[31mb')", "a\\x0a\\x1b[31mb"),
])  # fmt: skip
def test_a_plugin_that_cannot_be_imported(folder: Path, text: str | None, reason: str) -> None:
    name = f"broken_{abs(hash(text))}"  # Python remembers the folders of plugins
    if text is not None:
        (folder / f"{name}.py").write_text(text)
    for arguments in (["check", "good.yaml"], ["build", "good.yaml"], ["layers"]):
        result = specc(*arguments, "--plugin", name, folder=folder)
        assert (result.code, result.out) == (2, "")
        assert result.err.startswith(f"specc: error: cannot import the plugin {name}: ")
        assert reason in result.err
        assert len(result.err.splitlines()) == 1


def test_a_plugin_is_in_the_schema_and_never_replaced(plugged: Path, processes: Apart) -> None:
    assert '"Double"' in processes.start(plugged, "schema").done().out
    (plugged / "pyproject.toml").unlink()
    assert '"Double"' not in processes.start(plugged, "schema").done().out
    assert '"Double"' in processes.start(plugged, "schema", "--plugin", "./doubling.py").done().out
    for module in ("doubling.py", "doubling_keras.py"):
        built = processes.start(plugged, "build", "doubled.yaml", "--plugin", "doubling", "-o", module).done()
        assert (built.code, built.err) == (
            2,
            f"specc: error: {module} is read by this command, and would be replaced; write to another file\n",
        )
    assert (plugged / "doubling_keras.py").read_text() == PLUGIN_KERAS


def test_a_plugin_by_its_file(plugged: Path, processes: Apart) -> None:
    (plugged / "pyproject.toml").unlink()
    (plugged / "sub").mkdir()
    for name in ("doubling", "doubling_keras"):
        (plugged / f"{name}.py").rename(plugged / "sub" / f"{name}.py")
    for named in ("./sub/doubling.py", "sub/doubling.py", str(plugged / "sub" / "doubling.py")):
        assert processes.start(plugged, "check", "--plugin", named, "doubled.yaml").done().code == 0
    assert processes.start(plugged, "build", "--plugin", "sub/doubling.py", "doubled.yaml").done().code == 0


def test_a_plugin_whose_file_has_the_name_of_another_module(folder: Path) -> None:
    (folder / "json.py").write_text("")
    result = specc("check", "good.yaml", "--plugin", "./json.py", folder=folder)
    assert (result.code, result.out) == (2, "")
    assert (
        result.err
        == "specc: error: cannot import the plugin ./json.py: another module is named json; rename the file\n"
    )
    result = specc("check", "good.yaml", "--plugin", "./missing.py", folder=folder)
    assert result.err.startswith(
        "specc: error: cannot import the plugin ./missing.py: there is no such file; name a module"
    )


def test_a_fault_of_a_plugin_is_no_bug_of_specc(plugged: Path, processes: Apart) -> None:
    broken = PLUGIN.replace("    offset: float = 0.0", "    def output_shape(self, shape):\n        return (shape[9],)")
    (plugged / "broken_rule.py").write_text(broken)
    (plugged / "doubled.yaml").write_text(DOUBLED.replace(", offset: 1.5", ""))
    (plugged / "pyproject.toml").unlink()
    result = processes.start(plugged, "check", "doubled.yaml", "--plugin", "broken_rule").done()
    assert (result.code, result.out) == (2, "")
    assert result.err == (
        "specc: error: a plugin fails at broken_rule.py:13 in output_shape: IndexError: tuple index out of range\n"
    )


def test_plugins_of_a_project_are_a_list(folder: Path) -> None:
    (folder / "pyproject.toml").write_text('[tool.specc]\nplugins = "doubling"\n')
    result = specc("check", "good.yaml", folder=folder)
    assert (result.code, result.err) == (
        2,
        "specc: error: [tool.specc] plugins in pyproject.toml must be a list of module names\n",
    )
