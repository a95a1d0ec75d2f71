"""What a help says to write, as JSON: helps are made in YAML's flow style, but a JSON file needs JSON."""

from __future__ import annotations

import json
import re
from typing import Any

from specc.reading.mistakes import MistakesError
from specc.reading.yaml_reader import load

LONGEST = 2000
"""Most characters of a help that are converted."""

_LEADS = r"(?:^|[:;,(] ?|\b(?:write|set|add|with|as in|and|or|give|give it|use|needs) )"
"""What may precede a key that is to be written; after any other word it is part of a sentence."""
_KEY = re.compile(_LEADS + r"([A-Za-z_]\w*): $")
_PAIR = re.compile(
    rf"({_LEADS})(?!true|false|null)([A-Za-z_]\w*): (?:(true|false|null|-?\d+(?:\.\d+)?(?:e-?\d+)?)|([\w$.]*[\w$]))"
    r"(?=$|[,;)]|\.$|\.? (?:on|and|or|in|of|for|at|to|beside|next|there)\b)"
)
_SENTENCE = re.compile(r"[:;,(] ?\Z|\A\Z")
_LONE = re.compile(
    r"((?:^|[;:] )write |\bor )(\$\w+|\$\((?:[^()]|\([^()]*\))*\))"
    r"|((?:^|[;:] )write )((?!(?:true|false|null)\b)[A-Za-z_][\w.]*\w)(?=$|[;?,](?! or\b))"
)
"""A formula or a name that is all there is to write."""
_LIST_ITEM = re.compile(r": - (?=\{)")
_DASH = "begin each layer with '- '"


def in_json(help: str) -> str:
    """A help with what is to be written as JSON; JSON stays as it is.

    >>> print(in_json("it goes inside: write layer: {type: LSTM, units: 8}"))
    it goes inside: write "layer": {"type": "LSTM", "units": 8}
    >>> print(in_json("set return_sequences: true on 'lstm'"))
    set "return_sequences": true on 'lstm'
    >>> print(in_json("write Dense, which PyTorch calls Linear"), in_json("remove the batch axis: [28, null]"), sep="; ")
    write "Dense", which PyTorch calls Linear; remove the batch axis: [28, null]
    """
    if len(help) > LONGEST:
        return help
    help = help.replace(_DASH, "put each layer in its own braces")
    parts: list[str] = []
    position = 0
    for start, end in _groups(help):
        made = _group(help[start:end])
        if made is None:
            continue
        before = _LIST_ITEM.sub(": [", help[position:start] + "{")[:-1]
        is_entry = before.endswith(": [")
        before = _KEY.sub(lambda key: f'{key[0][: key.start(1) - key.start()]}"{key[1]}": ', _text(before))
        parts += [before, made, ", ...]" if is_entry else ""]
        position = end
    return "".join([*parts, _text(help[position:])])


def _text(text: str) -> str:
    """The words between maps and lists, with the pairs and names in them as JSON."""
    return _LONE.sub(_lone, _PAIR.sub(_pair, text))


def _lone(found: re.Match[str]) -> str:
    before, formula, also_before, name = found.groups()
    return f"{before or also_before}{json.dumps(formula or name)}"


def _pair(found: re.Match[str]) -> str:
    lead, key, value, word = found.groups()
    if word is not None:
        if _SENTENCE.search(lead):  # "outputs: y1" lists names
            return found[0]
        value = json.dumps(word)
    return f'{lead}"{key}": {value}'


def _groups(text: str) -> list[tuple[int, int]]:
    """Where the outermost maps and lists of a string begin and end."""
    found, pending, start, quote = [], 0, 0, ""
    for position, char in enumerate(text):
        if quote or (char == '"' and (pending or text.find('"', position + 1) > 0)):
            quote = "" if char == quote else quote or char
        elif char in "{[":
            start = start if pending else position
            pending += 1
        elif char in "}]" and pending:
            pending -= 1
            if not pending:
                found.append((start, position + 1))
    return found


def _group(text: str) -> str | None:
    """A map or list in YAML's flow style as JSON; None if it is not one."""
    try:
        json.loads(text)
        return text
    except ValueError:
        pass
    try:
        return _dumped(load(text))
    except MistakesError:
        return None


def _dumped(value: Any) -> str:
    """JSON, but with ``...`` for what is left to the reader."""
    if isinstance(value, dict):
        return f"{{{', '.join(_entry(key, item) for key, item in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_dumped, value))}]"
    return "..." if value == "..." else json.dumps(value, ensure_ascii=False)


def _entry(key: str, item: Any) -> str:
    return "..." if key == "..." and item is None else f"{json.dumps(key, ensure_ascii=False)}: {_dumped(item)}"
