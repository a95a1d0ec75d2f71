"""`specc view`: what it is given wrongly; `tests/viewer` runs it."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.support.command import specc


@pytest.mark.parametrize(("arguments", "line"), [
    (["-"], "standard input cannot be saved again; give a file"),
    (["nowhere.yaml"], "there is no file nowhere.yaml"),
    (["good.yaml", "--port", "70000"], "Invalid value for '--port': 70000 is not in the range 0<=x<=65535"),
])  # fmt: skip
def test_wrong_usage(folder: Path, arguments: list[str], line: str) -> None:
    result = specc("view", *arguments, folder=folder)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"specc: error: {line}")


def test_a_port_that_is_taken(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = specc("view", "good.yaml", "--port", str(port), "--no-browser", folder=folder)
    assert result == (2, "", f"specc: error: port {port}: Address already in use; --port 0 takes a free one\n")
