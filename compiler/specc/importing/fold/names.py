"""Names for blocks, for what is in them, and for their instances: of the author's where those have something in common."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from specc import layers
from specc.automatic_names import snake_case
from specc.importing.fold.bodies import Body, Node, Ref
from specc.importing.fold.optional import Wiring

_SHORT = {
    "BatchNormalization": "bn",
    "LayerNormalization": "norm",
    "Activation": "act",
    "ReLU": "relu",
    "PReLU": "prelu",
    "ELU": "elu",
    "MultiHeadAttention": "attention",
}
_PLAIN = frozenset(
    [
        "conv",
        "bn",
        "dense",
        "pool",
        "norm",
        "add",
        "concat",
        "relu",
        "act",
        "activation",
        "layer",
        "sepconv",
        "expanded",
    ]
)
"""Words that say what a layer is, and nothing of a group of them."""
_PLACES = frozenset(["first", "second", "third", "last", "again", "out"])
"""Words that say where an instance stands, and nothing of what it is."""


def common_start(names: Iterable[str]) -> str:
    """What names begin with, in whole words.

    >>> common_start(["conv2_block1_1_conv", "conv2_block1_out"]), common_start(["a1_x", "a2_x"]), common_start([])
    ('conv2_block1', '', '')
    """
    split = [name.split("_") for name in names if name]
    if not split:
        return ""
    found: list[str] = []
    for words in zip(*split, strict=False):
        if any(word != words[0] for word in words):
            break
        found.append(words[0])
    if len(split) == 1 or any(len(words) == len(found) for words in split):
        found = found[: min(map(len, split)) - (len(split) == 1)]
    return "_".join(found)


def instance_name(nodes: Sequence[Node], row: int) -> str:
    """What the instance of a region is called: what the names in it begin with."""
    found = [call.name for node in nodes for call in node.cells[row]]
    return common_start(found) if sum(map(bool, found)) > 1 else ""


def chain_name(names: Sequence[str]) -> str:
    """What the copies of a chain are called together.

    >>> chain_name(["fc1", "fc2"]), chain_name(["block_2", "block_3"]), chain_name(["a", "b"]), chain_name(["x", ""])
    ('fc', 'block', '', '')
    """
    if len(set(names)) == 1:
        return names[0]
    start = names[0]
    for name in names[1:]:
        while not name.startswith(start):
            start = start[:-1]
    return re.sub(r"[\d_-]+$", "", start)


def member_names(body: Body) -> dict[Node, str]:
    """What the author's names of a block's layers have in common in all copies, without those of the copies."""
    starts = [instance_name(body.nodes, row) for row in range(body.rows)]
    found: dict[Node, str] = {}
    for node in body.nodes:
        names = {
            _without(chain_name([call.name for call in cell]), start)
            for cell, start in zip(node.cells, starts, strict=True)
            if cell
        }
        name = names.pop() if len(names) == 1 else ""
        if name and not name.isdecimal() and name not in found.values():
            found[node] = name
    return found


def _without(name: str, start: str) -> str:
    return name[len(start) :].lstrip("_") if start and name.startswith(start) else name


# -- Blocks --------------------------------------------------------------------------------------


def block_name(body: Body, names: Sequence[str], taken: Sequence[str]) -> str:
    """A name for a block whose instances have these names."""
    own = _of_content(body)
    options = (
        [own, _of_instances(names)]
        if own == "stage" or (len(body.nodes) <= 3 and len(own) <= 20)
        else [_of_instances(names), own]
    )
    special = _special(body)
    options = [it for it in options if it and it != "block"] or [f"{special}_block" if special else "block"]
    if special:
        options.append(f"{options[0].removesuffix('_block')}_{special}")
    base = found = next((it for it in options if it not in taken and layers.find(it) is None), options[0])
    count = 1
    while found in taken or layers.find(found) is not None:
        count += 1
        found = f"{base}_{numbered(count)}"
    return found


def numbered(count: int) -> str:
    """A letter for a number, as numbers are for copies.

    >>> numbered(2), numbered(27)
    ('b', 'n27')
    """
    return chr(ord("a") + count - 1) if count <= 26 else f"n{count}"


def _of_instances(names: Sequence[str]) -> str:
    """The word that most instances' names have."""
    words: Counter[str] = Counter()
    for name in names:
        words.update(list(dict.fromkeys(re.findall(r"[^\W\d_]{2,}", name))))
    for word, count in words.most_common():
        if 2 * count >= len(names) and word.lower() not in _PLAIN | _PLACES:
            return word.lower()
    return ""


def _is_stage(body: Body) -> bool:
    """Whether most of a block are instances, in chains."""
    instances = [node for node in body.nodes if node.block is not None]
    return 2 * len(instances) >= len(body.nodes) and any(len(cell) > 1 for node in instances for cell in node.cells)


def _of_content(body: Body) -> str:
    """What a block is, by what it does."""
    types = [node.type for node in body.nodes]
    last = body.outputs[0][0].node if body.outputs else None
    passes = isinstance(last, Node) and any(isinstance(it.node, int) for call in last.calls() for it in call.inputs)
    if _is_stage(body) and not passes:
        return "stage"
    if "MultiHeadAttention" in types:
        return "encoder_block"
    if body.handed:
        return "cell"
    if isinstance(last, Node) and passes and last.type in ("Add", "Concatenate", "Multiply"):
        pooled = any("Pooling" in kind for kind in types)
        return {"Add": "residual", "Concatenate": "dense_unit", "Multiply": "squeeze_excite" if pooled else "gate"}[
            last.type
        ]
    if isinstance(last, Node) and last.type in ("Add", "Concatenate"):
        return "branches"
    words = list(_words(body))
    says_little = all(word in _PLAIN for word in words) and any(node.block is not None for node in body.nodes)
    return "_".join(words) if words and len(words) <= 4 and not says_little else "block"


def _words(body: Body) -> Iterator[str]:
    """What the layers of a block are, in short."""
    before = ""
    for node in body.nodes:
        if node.block is not None:
            return
        word = short_word(node)
        said = {str(call.arguments.get("activation", "")) for call in node.calls()}
        if node.type == "Activation" and len(said) == 1 and (only := said.pop()).isidentifier():
            word = only
        if word != before:
            yield word
        before = word


def _special(body: Body) -> str:
    """The first layer that not every block has, in a word; empty if there is none."""
    words = (short_word(node).rpartition(".")[2] for node in body.nodes)
    return next((it for it in words if it not in _PLAIN | {"", "dropout", "reshape"}), "")


def short_word(node: Node) -> str:
    """What a layer is, in a word; empty for an instance."""
    if node.block is not None:
        return ""
    return _SHORT.get(node.type) or re.sub(r"_?\dd", "", snake_case(node.type))


def needed_names(body: Body, wiring: Wiring) -> set[Node]:
    """The nodes that something takes by their names: not just the item after them."""
    found: list[Ref] = [*wiring.outputs, *wiring.otherwise.values()]
    before: Node | int = 0 if body.inputs == 1 else -1
    for node in body.nodes:
        taken = wiring.inputs[node]
        if node.form != "one" or taken[0] != Ref(before):
            found += taken
        before = node
    return {ref.node for ref in found if isinstance(ref.node, Node)}
