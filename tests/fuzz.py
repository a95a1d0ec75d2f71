"""Specs with random damage, and what specc makes of them: diagnostics or a model, never anything else.

    python -m tests.fuzz                       10,000 inputs on all processors
    python -m tests.fuzz --count 1000000       a million
    python -m tests.fuzz --seed 4711 --count 1 the input of a seed again, with its text

An input is made from its seed alone, so that a run can be cut into parts and an input be found again.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import random
import re
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from multiprocessing import Pool
from pathlib import Path
from typing import Any, NamedTuple

import specc
from specc import layers, pipeline
from specc.backends import summary
from specc.backends.pictures.texts import dot, mermaid
from specc.backends.python import source as python_source
from specc.diagnostics import Diagnostic, github, text
from specc.diagnostics import json as as_json
from specc.frontend.items import ITEM_KEYS
from specc.frontend.read import read_text

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 30
"""Processor seconds after which an input counts as one that hangs."""
LARGEST = 20_000
"""Characters of a text that is damaged at most."""

STRANGE: list[Any] = [
    None, True, False, 0, -1, 1, 2, 3, 1.5, -0.5, 10**30, 2**31, 2**63, "", "a", "x", "y", "²", "٣", "1e3", "nan", "..", ".", "0", "-1",
    "$", "$x", "$(1", "$(1/0)", "$(x)", "$(index)", "$$", "$(range(5))", "$('a' * 3)", "$([1] * 3)", "$((-8) ** 0.5)", "$(round(5, -9))",
    "$(int('²'))", "$(int('1' * 400))", "$(max([]))", "$(len(x))", "$(x[0])", "$(x.y)", "$(not x)", "$(1 if x else 2)", "$(1 in x)",
    "x.y.z", "x.0", "x.²", "x.9999999", "x_1", "\x1b[31m", "\u202e", "é\u0301", "网", "x" * 5000, "9" * 400, "< 5M", "<=", "> 1e3",
    [], [[]], {}, [None], ["x"], ["x", 3], ["x", "x"], {"a": None}, {"type": {}}, {"type": "Dense"}, {"type": "L2", "l2": "a"}, [1, 2], [[1, 2]],
    {"x": "y"}, {"inputs": "x"}, [{"type": "ReLU"}], {"from": "x", "to": "y"}, [["x", "y"]], {"type": "Input", "shape": [3], "name": "x"},
    "Dense", "Lambda", "Input", "ops.matmul", "relu", "same", "float16", "string", "channels_first", "mixed_float16", [None, 3], [0], [-1], 0.0,
]  # fmt: skip
TOKENS = (
    "[", "]", "{", "}", ":", ": ", ",", "- ", "\n", "\n  ", "'", '"', "#", "&a ", "*a", "!", "!!int", "|", ">", "%", "@", "`", "---\n", "...\n", "?",
    "<<: *a", "$", "$(", ")", "\t", "\0", "\u2028", "\ud800", "\ufeff", "²", "e", "1e999", "0x", ".inf", "null", "~", "true", "\\u0000", "\\ud800",
    "repeat: 3", "each: {i: [1, 2]}", "when: false", "share: x", "from: x", "nested: true", "name: x", "type: ", "allow: [unused-var]",
)  # fmt: skip
TOP = (
    "specc",
    "name",
    "include",
    "vars",
    "variants",
    "defaults",
    "blocks",
    "layers",
    "edges",
    "outputs",
    "compile",
    "dtype_policy",
    "expect",
    "allow",
)


class Failure(NamedTuple):
    """An input that ended otherwise than it should."""

    seed: int
    kind: str
    """Where and how: equal ones are one bug."""
    details: str


@cache
def texts() -> list[str]:
    """The specs, the error examples and the examples of the documentation."""
    files = [*sorted((ROOT / "specs").glob("*.*")), *sorted((ROOT / "tests" / "invalid").glob("*.*"))]
    found = [file.read_text(encoding="utf-8", errors="replace") for file in files if file.suffix in (".yaml", ".json")]
    for page in sorted([*(ROOT / "docs").glob("*.md"), *(ROOT / "compiler" / "specc" / "errors").glob("*.md")]):
        found += re.findall(r"^```(?:yaml|json)[^\n]*\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)
    found += [layers.find(name).example for name in layers.names()]  # type: ignore[union-attr]
    return [text for text in dict.fromkeys(found) if 0 < len(text) <= LARGEST]


@cache
def documents() -> list[Any]:
    """The data of those texts that can be read."""
    found = []
    for one in texts():
        try:
            found.append(read_text(one, "spec").data)
        except specc.CompileError:
            continue
    return [data for data in found if isinstance(data, dict)]


@cache
def values() -> list[Any]:
    """The values that stand in the documents, each once."""
    found: dict[str, Any] = {}
    for data in documents():
        for path in places(data):
            value = at(data, path)
            found.setdefault(repr(value)[:2000], value)
    return list(found.values())


@cache
def keys() -> list[str]:
    """The keys of the documents and of the language."""
    found = dict.fromkeys((*ITEM_KEYS, *TOP))
    for data in documents():
        found.update((str(path[-1]), None) for path in places(data) if path and isinstance(path[-1], str))
    return list(found)


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every path in a document."""
    children = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(found for key, child in children for found in places(child, (*path, key)))]


def at(data: Any, path: tuple[Any, ...]) -> Any:
    """What stands at a path."""
    for step in path:
        data = data[step]
    return data


# -- Damage ----------------------------------------------------------------------------------------


def damaged(data: Any, draw: random.Random, strange: list[Any]) -> Any:
    """The data with one to four things replaced, renamed, removed, doubled, swapped or wrapped."""
    data = copy.deepcopy(data)
    for _ in range(draw.choice((1, 1, 1, 2, 3, 4))):
        found = places(data)
        path = draw.choice(found)
        if not path:
            continue
        parent, last = at(data, path[:-1]), path[-1]
        match draw.randint(0, 9):
            case 0 | 1 | 2:
                parent[last] = copy.deepcopy(draw.choice(strange))
            case 3 if isinstance(parent, dict):
                parent[draw.choice(keys())] = parent.pop(last)
            case 4:
                del parent[last]
            case 5 if isinstance(parent, list):
                parent.insert(draw.randint(0, len(parent)), copy.deepcopy(parent[last]))
            case 6:
                other = draw.choice(found)
                if other and other[: len(path)] != path and path[: len(other)] != other:
                    place = at(data, other[:-1])
                    parent[last], place[other[-1]] = copy.deepcopy(place[other[-1]]), copy.deepcopy(parent[last])
            case 7:
                parent[last] = draw.choice(([parent[last]], {draw.choice(keys()): parent[last]}, [parent[last]] * 2))
            case 8 if isinstance(parent, dict):
                parent[draw.choice(keys())] = copy.deepcopy(draw.choice(strange))
            case _:
                parent[last] = _other_type(parent[last], draw)
    return data


def _other_type(value: Any, draw: random.Random) -> Any:
    if isinstance(value, str):
        return draw.choice((value.upper(), value + "x", value[:-1], f"${value}", f"$({value})", len(value), [value]))
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return draw.choice((-value, value + 1, value * 1000, str(value), value / 2, 0))
    if isinstance(value, list):
        return draw.choice(
            (value[::-1], value[1:], value * 2, dict(enumerate(value)) and None, value[0] if value else 0)
        )
    if isinstance(value, dict):
        return draw.choice((list(value), list(value.values()), dict(reversed(value.items())), None))
    return 1


def scribbled(text: str, draw: random.Random) -> str:
    """The text with one to four pieces removed, doubled, moved or put in."""
    for _ in range(draw.choice((1, 1, 2, 3, 4))):
        start = draw.randint(0, len(text))
        end = min(len(text), start + draw.choice((0, 1, 1, 2, 5, 20, 100)))
        match draw.randint(0, 4):
            case 0:
                text = text[:start] + text[end:]
            case 1:
                text = text[:end] + text[start:]
            case 2:
                text = text[:start] + draw.choice(TOKENS) + text[end:]
            case 3:
                text = text[:start] + draw.choice(TOKENS) + text[start:]
            case _:
                other = draw.choice(texts())
                begin = draw.randint(0, len(other))
                text = text[:start] + other[begin : begin + draw.choice((5, 20, 100))] + text[end:]
    return text


def made(seed: int) -> str:
    """The input of a seed."""
    draw = random.Random(seed)
    if draw.random() < 0.3:
        return scribbled(draw.choice(texts()), draw)
    strange = STRANGE if draw.random() < 0.5 else values()
    data = damaged(draw.choice(documents()), draw, strange)
    return json.dumps(data, indent=draw.choice((None, 1)), ensure_ascii=draw.random() < 0.5, default=str)


# -- What becomes of it ----------------------------------------------------------------------------


def compiled(text: str) -> bool:
    """Compile a text and make of it all that needs no Keras. Whether it is sound; any exception is a bug."""
    try:
        found = pipeline.compile_document(read_text(text, "spec"))
    except specc.CompileError as error:
        assert any(one.severity == "error" for one in error.diagnostics)
        printed(error.diagnostics)
        return False
    printed(found.warnings)
    graph = found.graph
    for made in (summary.as_json(graph), summary.as_text(graph), summary.one_line(graph)):
        assert "\x1b" not in made
    assert dot.dot(graph)
    assert mermaid.mermaid(graph)
    compile(python_source.source(graph), "model.py", "exec")
    return True


def printed(diagnostics: list[Diagnostic]) -> None:
    """Print diagnostics in every format."""
    assert "\x1b" not in text.render(diagnostics)
    for line in as_json.render(diagnostics).splitlines():
        assert json.loads(line)["message"]
    github.render(diagnostics)


def tried(seed: int) -> tuple[bool, Failure | None]:
    """Whether the input of a seed is sound, and what went wrong with it."""
    try:
        with limited():
            sound = compiled(made(seed))
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        kind = f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno} ({frame.name})"
        return False, Failure(seed, kind, f"{error}"[:200])
    return sound, None


class limited:
    """Raises TimeoutError in what takes too many processor seconds."""

    def __enter__(self) -> None:
        signal.signal(signal.SIGVTALRM, _stop)
        signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST)

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _stop(number: int, frame: object) -> None:
    raise TimeoutError


def run(seeds: range, tell: Callable[[int, int, list[Failure]], None], processes: int = 1) -> list[Failure]:
    """Try seeds, on so many processors; ``tell`` hears how many were tried, how many are sound and what went wrong."""
    failures: list[Failure] = []
    sound = 0
    for count, (one_sound, failure) in enumerate(_results(seeds, processes), 1):
        sound += one_sound
        if failure is not None:
            failures.append(failure)
        if count % 1000 == 0 or count == len(seeds):
            tell(count, sound, failures)
    return failures


def _results(seeds: range, processes: int) -> Iterator[tuple[bool, Failure | None]]:
    if processes == 1:
        yield from map(tried, seeds)
        return
    with Pool(processes) as pool:
        yield from pool.imap_unordered(tried, seeds, chunksize=50)


def main() -> int:
    """The command line; exit code 1 where an input went wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Try specs with random damage.")
    parser.add_argument("--count", type=int, default=10_000, help="how many")
    parser.add_argument("--seed", type=int, default=0, help="the first seed; the others follow")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    if given.count == 1:
        print(made(given.seed))
        print(compiled(made(given.seed)), file=sys.stderr)
        return 0
    seeds = range(given.seed, given.seed + given.count)
    failures = run(
        seeds,
        lambda *told: print(f"{told[0]:,} tried, {told[1]:,} sound, {len(told[2])} wrong", flush=True),
        given.processes,
    )
    for kind, number in Counter(failure.kind for failure in failures).most_common():
        first = next(failure for failure in failures if failure.kind == kind)
        print(f"{number:6} {kind}: {first.details}; --seed {first.seed} --count 1")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
