"""References as they are written: `encoder.stage[-1].skip` to its steps.

One grammar for all that refers to layers: ``from``, ``else``, ``share``, edges, outputs, the outputs of a block.
"""

from __future__ import annotations

import re

from specc.diagnostics.problem import Problem, ProblemsError
from specc.diagnostics.text_safety import quote_value

Step = str | int
"""A name or a port; a copy by its number, counted from 0 and from the end if negative; or ALL."""
ALL = "*"
"""The step to every copy, in order. No name or port is called so."""
LONGEST_TEXT = 1000
"""Most characters of a text that is no reference in which one is searched."""
_NAME_AND_NUMBER = re.compile(r"([^\[\].]+)(?:\[(\*|-?[0-9]{1,6})\])?(?:\.|\Z)")
_IN_BRACKETS = re.compile(r"([^\[\].]+)\[([^\[\]]+)\]")
_FORMULA = re.compile(r"[\w\s()+*/%-]*[^\W\d][\w\s()+*/%-]*\Z")


def has_numbers(text: str) -> bool:
    """Whether a reference has the number of a copy, so that it is more than names and dots."""
    return "[" in text and "]" in text


def steps(text: str) -> list[Step]:
    """The names, ports and numbers of copies on the way to what a reference means. ProblemsError if it is none.

    >>> steps("encoder.stage[-1].skip"), steps("heads[*]")
    (['encoder', 'stage', -1, 'skip'], ['heads', '*'])
    """
    if not has_numbers(text):
        return [*text.split(".")]
    found: list[Step] = []
    position = 0
    while position < len(text):
        part = _NAME_AND_NUMBER.match(text, position)
        if part is None or (part.end() == len(text) and text.endswith(".")):
            raise ProblemsError([_no_reference(text)])
        found.append(part[1])
        if part[2] is not None:
            found.append(ALL if part[2] == ALL else int(part[2]))
        position = part.end()
    return found


def first_name(text: str) -> str:
    """The name that a reference begins with, whatever follows.

    >>> first_name("encoder.stage[-1]"), first_name("heads[*]"), first_name("x")
    ('encoder', 'heads', 'x')
    """
    return text.partition(".")[0].partition("[")[0]


def written(steps: list[Step]) -> str:
    """Steps as a reference has them.

    >>> written(["stage", -1, "skip"])
    'stage[-1].skip'
    """
    text = ""
    for index, step in enumerate(steps):
        text += f"[{step}]" if isinstance(step, int) or step == ALL else f".{step}" if index else step
    return text


def _no_reference(text: str) -> Problem:
    """The problem of brackets that are not the number of a copy, with the form that they may mean."""
    found = _IN_BRACKETS.search(text) if len(text) <= LONGEST_TEXT else None
    name = found[1] if found is not None else first_name(text) or "stage"
    help = f"a copy is {name}[0], the first, or {name}[-1], the last; {name}[*] is all of them"
    if found is not None and _FORMULA.match(found[2]):
        number = found[2].strip()
        help = f"a number that is computed has a $: write {name}[${number if number.isidentifier() else f'({number})'}]"
    return Problem("invalid-value", f"{quote_value(text)} is not a reference to a layer", help=help)
