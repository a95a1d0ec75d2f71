"""Runs `specc view` in a process of its own, and saves what it watches."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

PROGRAM = """
import sys
from specc.cli import run
code = run(sys.argv[1:])
print("loaded", sorted({"keras", "tensorflow"} & set(sys.modules)), flush=True)
sys.exit(code)
"""


class Server:
    """A running `specc view`."""

    def __init__(self, *arguments: str, folder: Path) -> None:
        command = [sys.executable, "-c", PROGRAM, "view", *arguments, "--no-browser", "--port", "0"]
        self.process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.said = self.process.stdout.readline()
        assert self.said.startswith("http://127.0.0.1:"), self.process.stderr and self.process.stderr.read()
        self.host = urlsplit(self.said.split()[0]).netloc

    def get(self, path: str, method: str = "GET", **headers: str) -> HTTPResponse:
        connection = HTTPConnection(self.host, timeout=20)
        connection.request(method, path, headers=headers)
        return connection.getresponse()

    def end(self) -> tuple[int, str, str]:
        """Send Ctrl-C; the exit code, and what was printed."""
        self.process.send_signal(signal.SIGINT)
        out, err = self.process.communicate(timeout=20)
        return self.process.returncode, out, err


def save(path: Path, text: str) -> None:
    """Save as editors do: a new file takes the place of the old one."""
    new = path.with_suffix(".tmp")
    new.write_text(text)
    os.replace(new, path)
