"""Whatever a spec says, specc answers with diagnostics: specs that work, with random damage done to them."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest

import specc
from specc.diagnostics import github, text
from specc.diagnostics import json as as_json
from specc.frontend.read import read_text
from tests.draws import times

SPECS = sorted(Path("specs").glob("*.*"))
STRANGE: list[Any] = [
    None, True, False, 0, -1, 1.5, 10**30, "", "a", "$", "$x", "$(1", "$(1/0)", "\x1b[31m", "x" * 5000, [], [[]], {}, {"type": "Dense"},
    {"type": {}}, ["x", 3], {"a": None}, "Dense", "Lambda", "x.y.z", "..", ".", "0", "\u202e", 2**31, [None], {"type": "L2", "l2": "a"},
]  # fmt: skip


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every path in a document."""
    children = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(found for key, child in children for found in places(child, (*path, key)))]


def damaged(data: Any, draw: random.Random) -> Any:
    """The data with one to three things replaced, renamed, removed or doubled."""
    data = copy.deepcopy(data)
    for _ in range(draw.randint(1, 3)):
        path = draw.choice(places(data))
        if not path:
            continue
        parent = data
        for step in path[:-1]:
            parent = parent[step]
        match draw.randint(0, 4):
            case 0 | 1:
                parent[path[-1]] = copy.deepcopy(draw.choice(STRANGE))
            case 2 if isinstance(parent, dict):
                parent[draw.choice(["x", "type", "from", "name", "units", "share", "repeat", "each", "when"])] = (
                    parent.pop(path[-1])
                )
            case 3:
                del parent[path[-1]]
            case _ if isinstance(parent, list):
                parent.insert(draw.randint(0, len(parent)), copy.deepcopy(parent[path[-1]]))
    return data


@pytest.mark.parametrize("spec", SPECS, ids=lambda path: path.name)
def test_damaged_specs_give_diagnostics(spec: Path) -> None:
    data = read_text(spec.read_text(), spec.name).data
    draw = random.Random(spec.name)
    for _ in range(times(60)):
        broken = damaged(data, draw)
        try:
            found = specc.check(broken)
        except Exception as error:
            raise AssertionError(f"{json.dumps(broken)}") from error
        for diagnostic in found:
            assert diagnostic.message
            assert "\x1b" not in text.render_one(diagnostic)
        as_json.render(found)
        github.render(found)
