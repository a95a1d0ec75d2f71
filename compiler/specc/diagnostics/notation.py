"""How a help writes a value: in YAML's flow style, which `specc.reading.json_help` turns into JSON for a JSON file."""

from __future__ import annotations

import json
import re
from typing import Any

_PLAIN = re.compile(r"(?:(?:[A-Za-z_$/]|\.[A-Za-z_./])[\w$./ -]*(?<! )|\$\([\w$./ +*%()-]+\))\Z", re.ASCII)
_WORDS = frozenset({"null", "true", "false", ".inf", ".nan", "yes", "no", "on", "off"})
"""Words that are no strings in YAML, or were none in YAML 1.1, which many programs still read."""
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""What JSON may have in a string as it is, but YAML may not, or what a reader takes for something else."""


def as_json(value: Any) -> str:
    """A value as JSON on one line, which is YAML too; only characters that a file cannot have are escaped."""
    text = json.dumps(value, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def flow(value: Any) -> str:
    """A value as people write it in YAML's flow style.

    >>> flow({"type": "Conv2D", "kernel_size": [3, 3], "use_bias": False, "padding": "a, b"})
    '{type: Conv2D, kernel_size: [3, 3], use_bias: false, padding: "a, b"}'
    """
    if isinstance(value, str):
        plain = value == "..." or (_PLAIN.match(value) is not None and value.lower() not in _WORDS)
        return value if plain else as_json(value)
    if type(value) is int:
        return repr(value)  # as JSON has it; a model may have a million of them
    if isinstance(value, list):
        return f"[{', '.join(map(flow, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{flow(key)}: {flow(item)}' for key, item in value.items())}}}"
    return json.dumps(value)
