"""Drives the language servers that editors use: yaml-language-server, and VS Code's JSON language service."""

from __future__ import annotations

import json
import subprocess
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

HERE = Path(__file__).parents[1] / "editors"
MODULES = HERE / "node_modules"
CURSOR = "|"
"""Where a text of a test has the cursor."""


class Server(ABC):
    """A language server in a process of its own."""

    def __init__(self, *command: str) -> None:
        self.process = subprocess.Popen(["node", *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=HERE)

    @abstractmethod
    def ask(self, method: str, text: str, line: int = 0, character: int = 0) -> Any:
        """The answer to a request about a text: "completion", "hover" or "diagnostics"."""

    def completions(self, text: str) -> dict[str, dict[str, Any]]:
        """What is offered at the cursor of a text, by label."""
        return {item["label"]: item for item in self.ask("completion", *_at_cursor(text)) or ()}

    @staticmethod
    def inserted_by(item: dict[str, Any]) -> str:
        """What stands in the text once an item was chosen, with a snippet's places to fill in."""
        return str(item["textEdit"]["newText"] if "textEdit" in item else item["insertText"])

    def hover(self, text: str) -> str:
        """What is shown of the word at the cursor, as plain text."""
        contents = (self.ask("hover", *_at_cursor(text)) or {}).get("contents", "")
        contents = contents[0] if isinstance(contents, list) and contents else contents
        shown = contents["value"] if isinstance(contents, dict) else str(contents)
        return shown.replace("\\", "").replace("&nbsp;", " ")

    def problems(self, text: str) -> list[tuple[str, str]]:
        """What is marked as wrong: the words of the text, and the message."""
        lines = text.split("\n")
        found = []
        for problem in self.ask("diagnostics", text):
            start, end = problem["range"]["start"], problem["range"]["end"]
            last = end["character"] if end["line"] == start["line"] else None
            found.append((lines[start["line"]][start["character"] : last], problem["message"]))
        return found

    def close(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.communicate()


class Json(Server):
    """VS Code's JSON language service."""

    def __init__(self, schema: Path) -> None:
        super().__init__("json_service.cjs", str(schema))

    def ask(self, method: str, text: str, line: int = 0, character: int = 0) -> Any:
        """One line for the request, one for the answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        request = {"method": method, "text": text, "line": line, "character": character}
        self.process.stdin.write(json.dumps(request).encode() + b"\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


class Yaml(Server):
    """yaml-language-server over the Language Server Protocol. A text begins with the line that names the schema."""

    def __init__(self, schema: Path) -> None:
        super().__init__(str(MODULES / "yaml-language-server" / "bin" / "yaml-language-server"), "--stdio")
        self.modeline = f"# yaml-language-server: $schema={schema.as_uri()}\n"
        self.sent = 0
        self._request("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
        self._notify("initialized", {})
        settings = {"yaml": {"validate": True, "completion": True, "hover": True, "schemaStore": {"enable": False}}}
        self._notify("workspace/didChangeConfiguration", {"settings": settings})

    def ask(self, method: str, text: str, line: int = 0, character: int = 0) -> Any:
        """Open a new document and ask about it; diagnostics come by themselves."""
        uri = f"file:///spec{self.sent}.yaml"
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": self.modeline + text}
        self._notify("textDocument/didOpen", {"textDocument": document})
        if method == "diagnostics":
            found = self._wait(lambda it: it.get("params", {}).get("uri") == uri)["params"]["diagnostics"]
            for problem in found:
                for end in problem["range"].values():
                    end["line"] -= 1
            return found
        position = {"line": line + 1, "character": character}
        answer = self._request(f"textDocument/{method}", {"textDocument": {"uri": uri}, "position": position})
        return answer["items"] if method == "completion" else answer

    def _request(self, method: str, params: Any) -> Any:
        self.sent += 1
        self._send({"id": self.sent, "method": method, "params": params})
        answer = self._wait(lambda it: it.get("id") == self.sent and "method" not in it)
        assert "error" not in answer, answer
        return answer["result"]

    def _notify(self, method: str, params: Any) -> None:
        self.sent += 1
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(content), content))
        self.process.stdin.flush()

    def _wait(self, wanted: Any) -> dict[str, Any]:
        """The next message that is wanted; the server's own questions are answered with nothing."""
        while not wanted(message := self._receive()):
            if "id" in message and "method" in message:
                asked = message["params"].get("items") if isinstance(message.get("params"), dict) else None
                self._send({"id": message["id"], "result": [None] * len(asked) if asked else None})
        return message

    def _receive(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        size = 0
        while (header := self.process.stdout.readline().strip()) or not size:
            assert self.process.poll() is None or header, "the server has ended"
            if header.lower().startswith(b"content-length:"):
                size = int(header.split(b":")[1])
        message: dict[str, Any] = json.loads(self.process.stdout.read(size))
        return message


def _at_cursor(text: str) -> tuple[str, int, int]:
    """The text without its cursor, and the cursor's line and character, from 0."""
    before, _, after = text.partition(CURSOR)
    return before + after, before.count("\n"), len(before) - (before.rfind("\n") + 1)
