"""The options of a picture: what they take, what is refused, and what of them reaches the writer."""

from __future__ import annotations

from typing import Any

import click
import pytest
from click.testing import CliRunner

from specc.cli.pictures import Command, picture_options


@click.command("draw", cls=Command)
@click.argument("file")
@picture_options
def draw(file: str, picture: dict[str, Any]) -> None:
    """Draw."""
    print(file, picture)


def run(arguments: str) -> str:
    return CliRunner().invoke(draw, arguments.split()).output.splitlines()[-1]


@pytest.mark.parametrize(("arguments", "given"), [
    ("a.yaml", {}),
    ("a.yaml --depth 2", {"depth": 2}),
    ("a.yaml --depth all", {"depth": "all"}),
    ("a.yaml --depth 0", {"depth": 0}),
    ("a.yaml --fold", {"depth": 0}),
    ("a.yaml --fold --depth 0", {"depth": 0}),
    ("--expand a --expand=b a.yaml", {"expand": ("a", "b")}),
    ("a.yaml --direction right --show all --fit slide --theme paper --dpi 300",
     {"direction": "right", "show": "all", "fit": "slide", "theme": "paper", "dpi": 300}),
])  # fmt: skip
def test_what_is_given_and_no_more(arguments: str, given: dict[str, Any]) -> None:
    shown, _, options = run(arguments).partition(" ")
    assert (shown, eval(options)) == ("a.yaml", given)


@pytest.mark.parametrize(("arguments", "error"), [
    ("a.yaml --depth -1", "Invalid value for '--depth': '-1' is neither a number of levels, such as 0, nor all."),
    ("a.yaml --depth two", "Invalid value for '--depth': 'two' is neither a number of levels, such as 0, nor all."),
    ("a.yaml --fold --depth 1", "--fold is --depth 0; keep one of the two"),
    ("a.yaml --fold --depth all", "--fold is --depth 0; keep one of the two"),
    ("a.yaml --fit a4", "Invalid value for '--fit': 'a4' is not one of 'column', 'page', 'slide'."),
    ("a.yaml --dpi 5", "Invalid value for '--dpi': 5 is not in the range 10<=x<=2400."),
])  # fmt: skip
def test_what_is_refused(arguments: str, error: str) -> None:
    assert run(arguments) == f"Error: {error}"


def test_expand_without_a_name_says_what_to_write(tmp_path: Any) -> None:
    (tmp_path / "a.yaml").write_text("")
    for arguments in (
        f"{tmp_path}/a.yaml --expand",
        f"--expand {tmp_path}/a.yaml",
        f"--expand --fold {tmp_path}/a.yaml",
    ):
        assert run(arguments) == (
            "Error: --expand takes the name of a block, an instance or a nested model: --expand encoder; "
            "to open everything, write --depth all"
        )
