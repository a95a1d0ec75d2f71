"""The command line: exit codes, what goes to which stream, and never a traceback."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
import tomllib
import zipfile
from contextlib import suppress
from importlib import metadata
from pathlib import Path

import pytest

from specc import __version__, cli
from specc.diagnostics.columns import width
from tests.support.apart import Apart
from tests.support.command import specc

GOOD = "vars: {width: 8}\nvariants: {tiny: {width: 2}}\nlayers:\n  - {type: Input, name: x, shape: [4]}\n  - {type: Dense, name: y, units: $width}\n"
BAD = "layers:\n  - {type: Input, name: x, shape: [4]}\n  - {type: Dens, name: y, units: 1}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good.yaml").write_text(GOOD)
    (tmp_path / "bad.yaml").write_text(BAD)
    return tmp_path


def process(
    *arguments: str, folder: Path, stdin: bytes = b"", stdout: int = subprocess.PIPE
) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own."""
    command = [sys.executable, "-c", "from specc.cli import main; main()", *arguments]
    return subprocess.run(
        command, cwd=folder, input=stdin, stdout=stdout, stderr=subprocess.PIPE, check=False, timeout=60
    )


# -- check -----------------------------------------------------------------------------------------


def test_a_sound_spec(folder: Path) -> None:
    assert specc("check", "good.yaml", folder=folder) == (
        0, "good.yaml: Sequential, x (None, 4) -> y (None, 8), 1 layer, 40 parameters\n", "",
    )  # fmt: skip


def test_a_spec_with_errors(folder: Path) -> None:
    result = specc("check", "bad.yaml", folder=folder)
    assert (result.code, result.err) == (1, "")
    assert result.out.startswith("error[unknown-layer]: 'y': \"Dens\" is no layer of Keras\n --> bad.yaml:3:12\n")


@pytest.mark.parametrize(("files", "code"), [
    (["good.yaml", "good.yaml"], 0), (["good.yaml", "bad.yaml"], 1), (["bad.yaml", "good.yaml"], 1),
    (["missing.yaml", "bad.yaml", "good.yaml"], 2),
])  # fmt: skip
def test_several_files_and_the_worst_code(folder: Path, files: list[str], code: int) -> None:
    result = specc("check", *files, folder=folder)
    assert result.code == code
    assert result.out.count("good.yaml: Sequential") == files.count("good.yaml")
    assert result.out.count("error[") == files.count("bad.yaml")


def test_a_file_that_cannot_be_read(folder: Path) -> None:
    assert specc("check", "missing.yaml", folder=folder) == (
        2,
        "",
        "specc: cannot read missing.yaml: No such file or directory\n",
    )
    result = specc("check", "a\x1b[31m.yaml", folder=folder)
    assert (result.code, "\x1b" in result.err) == (2, False)


def test_variants_and_values(folder: Path) -> None:
    assert "y (None, 2)" in specc("check", "good.yaml", "--variant", "tiny", folder=folder).out
    assert "y (None, 5)" in specc("check", "good.yaml", "--set", "width=5", folder=folder).out
    assert (
        "y (None, 6)" in specc("check", "good.yaml", "--variant", "tiny", "--set", "width=$(2 * 3)", folder=folder).out
    )
    assert specc("check", "good.yaml", "--variant", "tyni", folder=folder).code == 1
    assert specc("check", "good.yaml", "--set", "widht=5", folder=folder).code == 1
    assert specc("check", "good.yaml", "--set", "width=five", folder=folder).code == 1
    assert specc("check", "good.yaml", "--set", "width=[", folder=folder).code == 1
    wrong = specc("check", "good.yaml", "--set", "width", folder=folder)
    assert (wrong.code, "--set wants NAME=VALUE, not 'width'" in wrong.err) == (2, True)


def test_formats(folder: Path) -> None:
    found = [
        json.loads(line) for line in specc("check", "bad.yaml", "--format", "json", folder=folder).out.splitlines()
    ]
    assert [(it["code"], it["file"], it["line"], it["column"]) for it in found] == [
        ("unknown-layer", "bad.yaml", 3, 12)
    ]
    assert specc("check", "bad.yaml", "--format", "github", folder=folder).out.startswith(
        "::error file=bad.yaml,line=3,col=12,"
    )
    assert specc("check", "good.yaml", "--format", "json", folder=folder) == (0, "", "")
    assert specc("check", "good.yaml", "--format", "xml", folder=folder).code == 2


@pytest.mark.parametrize(("text", "code"), [(GOOD, 0), (BAD, 1), ("", 1), ('{"layers": []}', 1), ("\xff", 1)])
def test_standard_input(monkeypatch: pytest.MonkeyPatch, folder: Path, text: str, code: int) -> None:
    given = text.encode("latin-1")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given)))
    result = specc("check", "-", folder=folder)
    assert (result.code, result.err) == (code, "")
    assert "<stdin>" in result.out
    if text == "\xff":
        alone = process("check", "-", folder=folder, stdin=given)
        assert (alone.returncode, alone.stdout.decode(), alone.stderr) == (code, result.out, b"")


# -- Wrong usage -----------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [
    ["chekc"], ["check"], ["check", "--nope", "good.yaml"], ["summary"], ["graph"], ["build"], ["explain", "nothing"], ["layers", "Dens"],
    ["graph", "good.yaml", "-o", "picture.xyz"], ["build", "good.yaml", "-o", "model.xyz"], ["check", "--plugin", "no_such_module", "good.yaml"],
])  # fmt: skip
def test_wrong_usage(folder: Path, arguments: list[str]) -> None:
    result = specc(*arguments, folder=folder)
    assert (result.code, result.out) == (2, "")
    assert result.err
    assert "Traceback" not in result.err


@pytest.mark.parametrize(("word", "words"), [
    ("plot", "'specc graph' does that"), ("Draw", "'specc graph' does that"), ("validate", "'specc check' does that"), ("lint", "'specc check' does that"),
    ("compile", "'specc build' does that"), ("convert", "'specc build' does that"), ("export", "'specc build' does that"), ("show", "'specc summary' does that"),
    ("list", "'specc layers' does that"), ("train", "Keras does that"), ("fit", "Keras does that"), ("predict", "Keras does that"), ("help", "specc --help"), ("version", "specc --version"),
    ("chekc", "did you mean 'check'?"), ("sumary", "did you mean 'summary'?"), ("xyzzy", "commands: "), ("good.yaml", "specc check good.yaml"), ("-", "specc check -"),
])  # fmt: skip
def test_a_word_that_is_no_command(folder: Path, word: str, words: str) -> None:
    result = specc(word, "good.yaml", folder=folder)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"specc: error: there is no command {word!r}")
    assert words in result.err
    assert len(result.err.splitlines()) == 1


@pytest.mark.parametrize(("arguments", "line"), [
    (["explain", "-"], "there is no error code '-'; 'specc explain' lists the codes"), (["explain", "cycel"], "there is no error code 'cycel'; did you mean 'cycle'?"),
    (["explain", "linear"], "there is no error code 'linear'; Dense is the layer that others call so: 'specc layers Dense' describes it"),
    (["explain", "Dense"], "there is no error code 'Dense'; 'specc layers Dense' describes it"),
    (["layers", "batchnorm"], "there is no layer type 'batchnorm'; write BatchNormalization, which PyTorch calls batchnorm; its momentum is 1 less PyTorch's; "
                              "names with it: BatchNormalization"),
    (["layers", "-"], "there is no layer type '-'; 'specc layers' lists them"), (["build"], "Missing argument 'FILE'; 'specc build --help' tells more"),
    (["graph", "good.yaml", "-o", ""], "the name of the output is empty; name a file, or - for standard output"),
    (["check", "good.yaml", "--set", "=3"], "--set wants NAME=VALUE, not '=3'"),
    (["build", "good.yaml", "--to", "h5"], "Invalid value for '--to': 'h5' is not one of 'keras', 'json', 'py', 'onnx', 'savedmodel'; 'specc build --help' tells more"),
])  # fmt: skip
def test_wrong_usage_is_one_line(folder: Path, arguments: list[str], line: str) -> None:
    assert specc(*arguments, folder=folder) == (2, "", f"specc: error: {line}\n")


def test_another_name_of_a_layer_that_keras_has_for_something_else() -> None:
    """PyTorch's layer Linear is Dense; Keras has an activation of that name."""
    shown = specc("layers", "Linear").out
    assert shown.startswith("linear: an activation\n")
    assert shown.endswith("\nThe layer that others call Linear is Dense: 'specc layers Dense' describes it.\n")


@pytest.mark.parametrize("command", [["check"], ["summary"], ["build", "-o", "out.py"], ["graph", "-o", "out.dot"]])
def test_quiet_prints_problems_only(folder: Path, command: list[str]) -> None:
    assert specc(command[0], "-q", "good.yaml", *command[1:], folder=folder) == (0, "", "")
    result = specc(command[0], "--quiet", "bad.yaml", *command[1:], folder=folder)
    assert (result.code, (result.out + result.err).count("error[unknown-layer]")) == (1, 1)


@pytest.mark.parametrize("command", ["check", "summary", "build", "graph"])
def test_a_saved_model_is_no_spec(folder: Path, command: str) -> None:
    (folder / "saved").mkdir()
    (folder / "saved" / "saved_model.pb").touch()
    result = specc(command, "saved", folder=folder)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("specc: cannot read saved: it is a TensorFlow SavedModel, not a spec; ")


def test_the_version_needs_no_installed_distribution(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    assert specc("--version") == (0, f"specc, version {__version__}\n", "")


def test_the_version_stands_in_one_place() -> None:
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" not in project["project"]
    assert project["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "specc.__version__"}


def test_nothing_given_shows_the_help() -> None:
    result = specc()
    assert (result.code, result.out) == (2, "")
    assert result.err == specc("--help").out


def test_help() -> None:
    for command in ("check", "build", "graph", "summary", "schema", "explain", "layers"):
        assert specc(command, "--help").code == 0
    assert specc("--version").out.startswith("specc, version ")


# -- Writing ---------------------------------------------------------------------------------------


def test_output_that_cannot_be_written(folder: Path) -> None:
    for target in ("missing/out.svg", "good.yaml/out.svg"):
        result = specc("graph", "good.yaml", "-o", target, folder=folder)
        assert (result.code, result.out) == (2, "")
        assert len(result.err.strip().splitlines()) <= 4
    assert specc("schema", "-o", "missing/schema.json", folder=folder).code == 2
    assert sorted(path.name for path in folder.iterdir()) == ["bad.yaml", "good.yaml"]


def test_the_file_behind_standard_input_is_not_replaced(folder: Path) -> None:
    text = (folder / "good.yaml").read_text()
    with open(folder / "good.yaml", "rb") as opened:
        result = subprocess.run(
            [sys.executable, "-c", "from specc.cli import main; main()", "graph", "-", "--to", "svg", "-o", "./good.yaml"],
            cwd=folder, stdin=opened, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert result.returncode == 2
    assert (
        result.stderr == "specc: error: ./good.yaml is standard input, and would be replaced; write to another file\n"
    )
    assert (folder / "good.yaml").read_text() == text


def test_nothing_is_written_for_a_spec_with_errors(folder: Path) -> None:
    for command in (
        ["graph", "bad.yaml", "-o", "out.dot"],
        ["build", "bad.yaml", "-o", "out.keras"],
        ["summary", "bad.yaml"],
    ):
        result = specc(*command, folder=folder)
        assert (result.code, result.out) == (1, "")
        assert result.err.startswith("error[unknown-layer]")
    assert sorted(path.name for path in folder.iterdir()) == ["bad.yaml", "good.yaml"]


def test_a_picture_and_a_summary(folder: Path) -> None:
    assert specc("graph", "good.yaml", "-o", "out.dot", folder=folder) == (0, "wrote out.dot\n", "")
    assert (folder / "out.dot").read_text().startswith("digraph")
    found = json.loads(specc("summary", "good.yaml", "--format", "json", folder=folder).out)
    assert (found["name"], found["form"], found["params"]) == ("good", "sequential", 40)
    assert "Dense" in specc("summary", "good.yaml", folder=folder).out


@pytest.mark.parametrize("arguments", [["layers"], ["check", "good.yaml"], ["summary", "good.yaml"], ["explain"]])
def test_a_closed_pipe(folder: Path, arguments: list[str]) -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        result = process(*arguments, folder=folder, stdout=write)
    finally:
        os.close(write)
    assert b"Traceback" not in result.stderr
    assert b"Exception ignored" not in result.stderr
    assert result.returncode == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk(folder: Path) -> None:
    with open("/dev/full", "wb") as full:
        result = process("schema", folder=folder, stdout=full.fileno())
    assert result.returncode == 2
    assert b"Traceback" not in result.stderr


# -- Ends ------------------------------------------------------------------------------------------


def test_interrupted(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("specc.pipeline.compile", interrupt)
    result = specc("check", "good.yaml", folder=folder)
    assert (result.code, result.out, result.err.strip()) == (130, "", "specc: interrupted")


_SAYS_THAT_IT_READS = """
import sys
from specc.cli import main

class Input:
    def __init__(self, stdin):
        self.buffer, self.stdin = self, stdin

    def read(self, *size):
        print("ready", file=sys.stderr, flush=True)
        return self.stdin.buffer.read(*size)

sys.stdin = Input(sys.stdin)
main()
"""


def test_interrupted_while_it_waits(folder: Path) -> None:
    command = [sys.executable, "-c", _SAYS_THAT_IT_READS, "check", "-"]
    with subprocess.Popen(
        command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stderr is not None
        while (line := running.stderr.readline()) != b"ready\n":
            assert line, "it ended before it read anything"
        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=60) == 130
        assert running.stderr.read().strip() == b"specc: interrupted"


def test_a_bug_says_that_it_is_one(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("\x1b[31m")

    monkeypatch.setattr("specc.pipeline.compile", fail)
    monkeypatch.delenv("SPECC_TRACEBACK", raising=False)
    result = specc("check", "good.yaml", folder=folder)
    assert (result.code, result.out) == (cli.BUG, "")
    assert result.err.startswith("specc: this is a bug in specc, not in your spec: ZeroDivisionError: \\x1b[31m\n")
    monkeypatch.setenv("SPECC_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        specc("check", "good.yaml", folder=folder)


# -- Plugins -----------------------------------------------------------------------------------------

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


def test_plugins_of_a_project_are_a_list(folder: Path) -> None:
    (folder / "pyproject.toml").write_text('[tool.specc]\nplugins = "doubling"\n')
    result = specc("check", "good.yaml", folder=folder)
    assert (result.code, result.err) == (
        2,
        "specc: error: [tool.specc] plugins in pyproject.toml must be a list of module names\n",
    )


# -- Completion --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("words", "expected"), [
    (["la"], ["layers"]), (["layers", "conv2"], ["Conv2D", "Conv2DTranspose"]), (["explain", "cyc"], ["cycle"]),
    (["build", "--fo"], ["--form"]), (["build", "--form", "s"], ["sequential"]), (["check", "--format", ""], ["text", "json", "github"]),
    (["graph", "--direction", ""], ["down", "right"]),
])  # fmt: skip
def test_completion(folder: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], expected: list[str]) -> None:
    monkeypatch.setenv("_SPECC_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", " ".join(["specc", *words]))
    monkeypatch.setenv("COMP_CWORD", str(len(words)))
    result = specc(folder=folder)
    assert result.out.splitlines() == [f"plain,{word}" for word in expected]
    assert (result.code, result.err) == (0, "")


def test_completion_can_be_set_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for shell in ("zsh", "fish", "bash"):
        monkeypatch.setenv("_SPECC_COMPLETE", f"{shell}_source")
        result = specc(folder=folder)
        assert (result.code, result.err) == (0, "")
        assert "_SPECC_COMPLETE" in result.out
    alone = process(folder=folder)
    assert (alone.returncode, alone.stdout.decode(), alone.stderr) == (0, result.out, b"")


# -- Terminals ---------------------------------------------------------------------------------------


def test_help_fits_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    for command in ("", *cli.cli.commands):
        result = specc(*command.split(), "--help")
        assert [line for line in result.out.splitlines() if len(line) > 60 or line.endswith(" ...")] == []


@pytest.mark.parametrize("columns", [40, 60, 160])
def test_results_fit_the_terminal(folder: Path, columns: int) -> None:
    """In a terminal of its own: no line is longer, and no column is lost."""
    import fcntl
    import struct
    import termios

    (folder / "wide.yaml").write_text(
        "layers:\n  - {type: Input, name: 画像入力, shape: [28, 28, 1]}\n  - {type: Conv2D, name: 畳み込み, filters: 8, kernel_size: 3}\n"
        "  - {type: GlobalAveragePooling2D, name: mean}\n  - {type: Concatenate, name: 結合, from: [mean, 畳み込み]}\n"
    )
    (folder / "cut.yaml").write_text("\n".join((folder / "wide.yaml").read_text().split("\n")[:4]))
    commands = (
        "check wide.yaml",
        "check cut.yaml",
        "summary cut.yaml",
        "layers Conv2D",
        "layers",
        "explain",
        "explain cycle",
    )
    code = "import sys; from specc.cli import run\nfor command in sys.argv[1:]: run(command.split()); print('\\0')"
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    process = [sys.executable, "-c", code, *commands]
    with subprocess.Popen(process, cwd=folder, stdout=theirs, stderr=theirs, stdin=theirs, env=environment):
        os.close(theirs)
        shown = b""
        with suppress(OSError):  # the end of a terminal's output
            while part := os.read(ours, 65536):
                shown += part
    os.close(ours)
    text = re.sub(r"\x1b\[[0-9;]*m", "", shown.decode()).replace("\r", "")
    *outputs, end = text.split("\0\n")
    assert end == ""
    for command, output in zip(commands, outputs, strict=True):
        lines = output.splitlines()
        assert lines, command
        too_long = [
            line for line in lines if width(line) > columns and " " in line.strip().removeprefix("see ").strip()
        ]
        assert too_long == [], command
        if command.startswith("summary"):
            for word in ("GlobalAveragePooling2D", "(None, 26, 26, 8)", "80", "画像入力"):
                assert word in "".join(lines)


# -- What is imported ------------------------------------------------------------------------------


def test_no_keras_for_what_needs_none(folder: Path) -> None:
    commands = (
        "check good.yaml", "check bad.yaml", "summary good.yaml", "summary good.yaml --format json", "graph good.yaml -o out.dot",
        "graph good.yaml -o out.svg", "schema", "explain", "explain cycle", "layers Dense",
    )  # fmt: skip
    code = (
        "import sys; from specc.cli import run\n"
        "for command in sys.argv[1:]:\n"
        "    run(command.split()); print('IMPORTED', sorted({'keras', 'tensorflow', 'numpy'} & set(sys.modules)), file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, *commands]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60)
    assert result.stderr.splitlines() == ["IMPORTED []"] * len(commands)
