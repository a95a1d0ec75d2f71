"""`specc view` as a process: what it answers and refuses, how soon it tells of a change, how it ends."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path
from typing import Any

import pytest

from tests.support.viewing import Server, save

GOOD = "name: net\nlayers:\n  - {type: Input, name: x, shape: [4]}\n  - {type: Dense, name: y, units: 3}\n"


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    (tmp_path / "net.yaml").write_text(GOOD)
    (tmp_path / "other.yaml").write_text(GOOD.replace("net", "other"))
    (tmp_path / "secret.txt").write_text("secret")
    return tmp_path / "net.yaml"


@pytest.fixture
def server(spec: Path) -> Iterator[Server]:
    server = Server("net.yaml", folder=spec.parent)
    yield server
    if server.process.poll() is None:
        server.process.kill()
        server.process.communicate()


def event(stream: HTTPResponse) -> dict[str, Any]:
    """The next event of a stream."""
    line = stream.readline()
    assert line.startswith(b"data: ")
    assert stream.readline() == b"\n"
    found: dict[str, Any] = json.loads(line.removeprefix(b"data: "))
    return found


def test_the_page_is_served_and_nothing_else(server: Server) -> None:
    page = server.get("/")
    assert (page.status, page.getheader("content-type")) == (200, "text/html; charset=utf-8")
    assert page.getheader("cache-control") == "no-store"
    assert b'"live":"/net"' in page.read()
    assert json.load(server.get("/net/data"))["scene"]["title"] == "net"
    for path in (
        "/other",
        "/net.yaml",
        "/secret.txt",
        "/../secret.txt",
        "/net/secret.txt",
        "/net/../secret.txt",
        "/%2e%2e/secret.txt",
        "//net",
        "/docs",
    ):
        assert server.get(path).status in (404, 307), path
    assert server.get("/net", method="POST").status == 405


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "", "0.0.0.0"])
def test_a_foreign_host_header_is_refused(server: Server, host: str) -> None:
    assert server.get("/", Host=host).status == 400
    assert server.get("/net/events", Host=host).status == 400


def test_localhost_is_not_foreign(server: Server) -> None:
    assert server.get("/", Host="localhost:" + server.host.split(":")[1]).status == 200


def test_saving_is_told_within_half_a_second(server: Server, spec: Path) -> None:
    stream = server.get("/net/events")
    assert event(stream)["version"] == 1
    delays = []
    for units in range(5, 10):
        start = time.monotonic()
        save(spec, GOOD.replace("units: 3", f"units: {units}"))
        assert event(stream)["version"] == units - 3
        delays.append(time.monotonic() - start)
    assert sorted(delays)[2] < 0.5
    assert "9 units" in server.get("/net/data").read().decode()


def test_errors_are_told(server: Server, spec: Path) -> None:
    stream = server.get("/net/events")
    event(stream)
    save(spec, GOOD.replace("Dense", "Dens"))
    told = event(stream)
    assert (told["shown"], told["problems"]["errors"]) == ("known", 1)
    assert "net.yaml:4:12" in told["problems"]["text"]
    save(spec, GOOD)
    assert event(stream)["problems"]["errors"] == 0
    save(spec, GOOD + "  - {")
    told = event(stream)
    assert (told["version"], told["shown"], told["problems"]["errors"]) == (3, "last", 1)


def test_a_file_that_is_newly_included_is_followed(server: Server, spec: Path) -> None:
    stream = server.get("/net/events")
    event(stream)
    blocks = spec.parent / "parts" / "blocks.yaml"
    blocks.parent.mkdir()
    blocks.write_text("blocks:\n  head: {inputs: [x], layers: [{type: Dense, name: out, units: 3}], outputs: [out]}\n")
    save(
        spec,
        GOOD.replace("layers:", "include: [parts/blocks.yaml]\nlayers:", 1)
        .replace("Dense", "head")
        .replace(", units: 3", ""),
    )
    assert event(stream)["version"] == 2
    time.sleep(0.3)  # until the new folder is watched
    save(blocks, blocks.read_text().replace("units: 3", "units: 7"))
    assert event(stream)["version"] == 3


def test_ctrl_c_ends_it_cleanly_even_while_pages_listen(server: Server) -> None:
    stream = server.get("/net/events")
    event(stream)
    start = time.monotonic()
    assert server.end() == (0, "loaded []\n", "")
    assert time.monotonic() - start < 5


def test_several_specs_have_an_index(spec: Path) -> None:
    save(spec, GOOD.replace("Dense", "Dens"))
    server = Server("net.yaml", "other.yaml", folder=spec.parent)
    try:
        index = server.get("/").read().decode()
        assert '<a href="/net">net</a>' in index
        assert "1 error" in index
        assert '<a href="/other">other</a>' in index
        assert server.get("/other").status == 200
    finally:
        assert server.end()[0] == 0
