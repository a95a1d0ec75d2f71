"""The commands: their help, what they take wrongly, other words for them, and completion."""

from __future__ import annotations

import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from specc import __version__, cli
from specc.cli.commands import COMMANDS
from tests.support.command import process, specc


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
    (["explain", "linear"], "there is no error code 'linear'; Dense is the layer that others call that: 'specc layers Dense' describes it"),
    (["explain", "Dense"], "there is no error code 'Dense'; 'specc layers Dense' describes it"),
    (["layers", "batchnorm"], "there is no layer type 'batchnorm'; write BatchNormalization, which PyTorch calls batchnorm; its momentum is 1 minus PyTorch's; "
                              "names with it: BatchNormalization"),
    (["layers", "-"], "there is no layer type '-'; 'specc layers' lists them"), (["build"], "Missing argument 'FILE'; for details run 'specc build --help'"),
    (["graph", "good.yaml", "-o", ""], "the name of the output is empty; name a file, or - for standard output"),
    (["check", "good.yaml", "--set", "=3"], "--set expects NAME=VALUE, not '=3'"),
    (["build", "good.yaml", "--to", "h5"], "Invalid value for '--to': 'h5' is not one of 'keras', 'json', 'py', 'onnx', 'savedmodel'; for details run 'specc build --help'"),
])  # fmt: skip
def test_wrong_usage_is_one_line(folder: Path, arguments: list[str], line: str) -> None:
    assert specc(*arguments, folder=folder) == (2, "", f"specc: error: {line}\n")


def test_the_version_needs_no_installed_distribution(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    assert specc("--version") == (0, f"specc, version {__version__}\n", "")


def test_the_version_stands_in_one_place() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" not in project["project"]
    assert project["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "specc.__version__"}


def test_nothing_given_shows_the_help() -> None:
    result = specc()
    assert (result.code, result.out) == (2, "")
    assert result.err == specc("--help").out


def test_every_command_is_a_file_and_a_line() -> None:
    files = {
        path.stem for path in Path(cli.__file__).parent.glob("*.py") if "\n@click.command(" in path.read_text("utf-8")
    }
    assert files == set(COMMANDS)


def test_help() -> None:
    for command in COMMANDS:
        assert specc(command, "--help").code == 0
    assert specc("--version").out.startswith("specc, version ")


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
