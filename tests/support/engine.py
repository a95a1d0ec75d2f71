"""Runs the functions of the pictures' engine in V8, in a process of its own: V8's threads keep the process that loads it."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from typing import Any

from specc.backends.pictures.bundle import bundle

SERVER = """
import json, os, sys
from py_mini_racer import MiniRacer
engines = {}
for line in sys.stdin:
    names, script, code = json.loads(line)
    if names not in engines:
        engines[names] = MiniRacer()
        engines[names].eval(script)
    try:
        answer = ["value", engines[names].eval(f"JSON.stringify((({code})) ?? null)")]
    except Exception as error:
        answer = ["error", str(error)]
    print(json.dumps(answer), flush=True)
os._exit(0)
"""


def js(code: str, *modules: str, **values: Any) -> Any:
    """What an expression gives, as JSON has it, with the modules' exports and these values as variables.

    >>> js("short(number)", "svg", number=1.256)
    '1.26'
    """
    script = bundle(*modules) + "\nObject.assign(globalThis, specc);"
    arguments = ", ".join(f"{name} = {json.dumps(value)}" for name, value in values.items())
    server = _server()
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(json.dumps([" ".join(modules), script, f"(({arguments}) => {code})()"]) + "\n")
    server.stdin.flush()
    kind, answer = json.loads(server.stdout.readline())
    assert kind == "value", answer
    return json.loads(answer)


@cache
def _server() -> subprocess.Popen[str]:
    """It ends when its input does, with this process."""
    return subprocess.Popen(
        [sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )


def card(id: str, type: str, family: str = "other", form: str = "layer", **fields: Any) -> dict[str, Any]:
    """A card of a scene, as the engine reads it."""
    own = {
        "id": id, "form": form, "family": family, "type": type, "name": "", "symbol": "", "words": [], "all": [],
        "facts": [], "badge": "", "frozen": False, "times": 1, "mark": "", "notes": [], "ports": {"in": {}, "out": {}},
    }  # fmt: skip
    assert fields.keys() <= own.keys(), fields
    return own | fields


def frame(card: dict[str, Any], *members: dict[str, Any]) -> dict[str, Any]:
    """A frame around cards and frames."""
    return {"id": card["id"], "card": card, "kind": card["type"], "ins": {}, "outs": {}, "members": list(members)}


def wires(*ends: str, mark: str = "") -> list[dict[str, str]]:
    """Arrows: ``wires("x hidden", "hidden y")``."""
    found = []
    for between in ends:
        tail, head = between.split()
        found.append({"id": f"{tail}-{head}", "tail": tail, "out": "", "head": head, "in": "", "mark": mark})
    return found
