# ruff: noqa: RUF001 - the multiplication sign
"""Text for a terminal: whole texts, and that its lanes lead where the wires do."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import specc
from specc.backends.pictures.options import Options
from specc.backends.pictures.scenes.make_scene import make_scene
from specc.backends.pictures.scenes.repeats import fold_repeats
from specc.backends.pictures.scenes.scene import Card, Frame, Scene, Wire
from specc.backends.pictures.texts.flow import in_flow
from specc.backends.pictures.texts.text import FILE_COLUMNS, Drawer, Line, spell, text
from specc.backends.pictures.texts.view import view
from specc.diagnostics.columns import width
from tests.support.graphs import NASTY, Item, blocks, chain, siamese, translator, typed

SPECS = sorted(Path("specs").glob("*.*"))

CHAIN = """\
digits
Sequential · 3 layers · 15,770 parameters

○ image                                                  (None, 28, 28, 1)
● Conv2D conv2d    8 filters, 3×3, stride 2, same, relu  (None, 14, 14, 8)     80
● Flatten flatten                                        (None, 1568)
● Dense digit      10 units, softmax                     (None, 10)         15.7k
◎ digit
"""

BLOCKS = """\
blocks
functional · 3 layers · 104 parameters · 88 trainable · 16 non-trainable

○   x                                      (None, 8)
│   ┏ block stage1               3 layers             104
│   ┃ ┏ block inner              2 layers             104
├─╮ ┃ ┃
│ ● ┃ ┃ Dense dense              8 units               72
│ ● ┃ ┗ BatchNormalization norm                        32
├─╯ ┃
◆   ┗ Add sum
◎   stage1.sum
"""

TRANSLATOR = """\
translator
functional · 7 layers · 1,584 parameters

○     source  (None, None) int32
●     Embedding embed
│       50 → 8, shared A, (None, None, 8),
│       400 params
│ ○   target  (None, None) int32
│ ●   Embedding embed_target
│ │     50 → 8, shared A, (None, None, 8)
● │   LSTM encoder
│ │     4 units, return state, (None, 4),
│ │     208 params
├─│─╮ out: state_h | state_c
├─┼─╯ in: initial state_h | sequences |
│ │     initial state_c
● │   LSTM decoder
│ │     4 units, return sequences,
│ │     (None, None, 4), 208 params
│ │   in: query, value
● │   MultiHeadAttention attend
│ │     2 heads, key_dim 3, causal mask,
│ │     118 params
│ │   in: × 2
◆ │   Add twice
├─╯
◆     Concatenate join  (None, None, 12)
●     Dense word
│       50 units, (None, None, 50), 650 params
◎     word
"""

CHANGE = """\
net
functional

  ○   x
~ ●   Dense hidden  8 units
  │     units 4 → 8
+ ●   Dropout
  ├─╮ out: · | scores
! ● │ Dense y
  │ │   error[shape]: expected 4 axes
- ● │ Dense old
  ├─╯ in: · | mask removed
? ●   Lambda
"""


def test_a_chain() -> None:
    assert text(chain()) == CHAIN


def test_blocks_are_indented() -> None:
    assert text(blocks(1), Options(depth="all")) == BLOCKS


def test_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """With ports at both ends, a tensor that is read twice, and a layer that is called twice."""
    monkeypatch.setenv("NO_COLOR", "1")
    assert text(translator(), Options(terminal=46)) == TRANSLATOR


def test_marks_and_their_notes() -> None:
    cards = [
        Card("n0", "input", "input", "Input", "x"),
        Card("n1", "layer", "dense", "Dense", "hidden", words=["8 units"], mark="changed", notes=["units 4 → 8"]),
        Card("n2", "layer", "other", "Dropout", mark="added"),
        Card("n3", "layer", "dense", "Dense", "y", mark="error", notes=["error[shape]: expected 4 axes"]),
        Card("n4", "layer", "dense", "Dense", "old", mark="removed"),
        Card("n5", "layer", "other", "Lambda", mark="unknown"),
    ]
    cards[2].ports.out["scores"], cards[5].ports.in_["mask"] = "scores", "mask"
    wires = [Wire(f"n{number}", "", f"n{number + 1}", "0") for number in range(5)]
    wires.append(Wire("n2", "scores", "n5", "mask", "removed"))
    assert spell(Scene("net", "functional", list(cards), wires)) == CHANGE


def test_in_colour_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    colored = text(siamese(), Options(terminal=FILE_COLUMNS))
    assert "\x1b[1m\x1b[33mDense\x1b[0m" in colored
    assert re.sub(r"\x1b\[\d+m", "", colored) == text(siamese())
    monkeypatch.setenv("NO_COLOR", "1")
    assert text(siamese(), Options(terminal=FILE_COLUMNS)) == text(siamese())


def test_text_from_a_spec_is_safe() -> None:
    shown = text(typed(NASTY, Item(NASTY, "Input", shape=[3]), Item("y", "Dense", NASTY, units=2)))
    assert "\x1b" not in shown
    assert all(line.isprintable() for line in shown.splitlines())


@pytest.mark.parametrize("columns", [40, 60, 80, 100, 160])
def test_no_line_is_wider_than_the_terminal(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    for spec in SPECS:
        for depth in (None, "all"):
            for line in spell(scene_of(spec), Options(depth=depth, show="all", terminal=columns)).splitlines():
                assert width(line) <= columns


def test_what_is_folded_is_said_in_the_text() -> None:
    said: list[str] = []
    shown = text(blocks(2), Options(depth=0, say=said.append))
    assert shown.splitlines()[2] == "folded: block × 2 (--expand block, --depth 1)"
    assert said == []


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_lanes_lead_where_the_wires_do(spec: Path) -> None:
    for options in (Options(), Options(depth=0), Options(depth="all")):
        check(scene_of(spec), options)


@pytest.mark.parametrize("seed", range(40))
def test_lanes_of_any_graph_lead_where_the_wires_do(seed: int) -> None:
    """Also where there are more tensors than lanes, and where frames read each other."""
    draw = random.Random(seed)
    cards = [Card(f"n{number}", "layer", "other", "Any", f"n{number}") for number in range(draw.choice([4, 12, 40]))]
    wires = [
        Wire(f"n{tail}", draw.choice(["", "", "port"]), f"n{head}", str(index))
        for head in range(1, len(cards))
        for index, tail in enumerate(draw.sample(range(head), min(head, draw.choice([0, 1, 1, 2, 3]))))
    ]
    members: list[Card | Frame] = list(cards)
    for number in range(2 if seed % 2 else 0):
        inside = [card for card in cards if card in members and draw.random() < 0.3]
        if inside:
            members = [member for member in members if member not in inside]
            frame = Frame(Card(f"f{number}", "block", "other", "block"), "block", list(inside))
            members.insert(draw.randrange(len(members) + 1), frame)
    draw.shuffle(members)
    check(Scene("any", "", members, wires), Options(depth="all"), most_lanes=draw.choice([2, 4, 12]))


def check(scene: Scene, options: Options, most_lanes: int = 12) -> None:
    """Every wire that is seen can be followed in the text, and nothing else can."""
    seen = in_flow(view(scene, options))
    lines = list(Drawer(seen, most_lanes).lines(seen.members, []))
    assert followed(lines) == {(wire.tail, wire.head) for wire in seen.wires}


def followed(lines: list[Line]) -> set[tuple[str, str]]:
    """The cards at the two ends of each line that a reader can follow, by lanes and by numbers."""
    found: set[tuple[str, str]] = set()
    carries: dict[int, set[str]] = {}
    """The cards that the tensors in a lane come from."""
    joined: dict[int, set[str]] = {}
    """What a line leads to the lanes that it reaches."""
    given, read = dict[str, str](), list[tuple[str, str]]()
    reads: list[str] = []
    last = ""
    for line in lines:
        cells = dict(enumerate(line.lanes[::2]))
        if line.card is not None and line.glyph:
            lane = line.lanes.index(line.glyph) // 2
            found |= {(tail, line.card.id) for tail in joined.get(lane, carries.get(lane, set()))}
            read += [(number, line.card.id) for number in reads]
            carries = {at: carries[at] for at, cell in cells.items() if cell == "│"} | {lane: {line.card.id}}
            joined, reads, last = {}, [], line.card.id
            continue
        touched = {at for at, cell in cells.items() if cell in "├┤┼┴┬╰╯╭╮"}
        coming = set().union(*(carries.get(at, set()) for at in touched if cells[at] in "├┤┼┴╰╯"))
        joined = dict.fromkeys(touched, coming) if touched else joined
        for at in touched:
            if cells[at] in "┬╭╮":
                carries[at] = coming
        carries = {at: tails for at, tails in carries.items() if cells.get(at, " ") != " "}
        numbers = re.findall(r"\[(\d+)\]", line.text)
        if line.text.startswith("in: "):
            reads = numbers
        given |= {number: last for number in numbers if line.text.startswith("out: ")}
    return found | {(given[number], head) for number, head in read}


def test_the_same_under_every_hash_seed() -> None:
    program = (
        "import specc; from specc.backends.pictures.texts.text import text; from specc.backends.pictures.texts.dot import dot;"
        "from specc.backends.pictures.texts.mermaid import mermaid\n"
        "graph = specc.compile('specs/mixture_of_experts.yaml'); print(text(graph), dot(graph), mermaid(graph))"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in "12"
    }
    assert len(texts) == 1


@cache
def scene_of(spec: Path) -> Scene:
    return fold_repeats(make_scene(specc.compile(str(spec))))
