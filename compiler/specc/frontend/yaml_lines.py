"""Lines that YAML refuses but whose meaning is obvious: a comma, ``//``, bullets, a missing colon, bracket or quote.

A fix of the line is tried before it is suggested: YAML must then accept the text, or get further.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from itertools import islice

import yaml

from specc.budget import current
from specc.diagnostics.problem import Fix
from specc.diagnostics.text_safety import quote_value, shorten
from specc.frontend import dashes
from specc.frontend.yaml_slips import in_line
from specc.reading.mistakes import Mistake
from specc.reading.yaml_places import Loader
from specc.source import Source, Span

LARGEST = 2**15
"""Most characters of a text, up to the line in question, that are read again for each fix."""
MOST_TRIED = 12
CHARACTERS_A_COMPARISON = 20
"""Characters to be read a dozen times that count as one name compared."""
MOST_COLUMNS = 3
"""Most columns to which an entry is moved, to line up with others."""
MOST = 20
"""Most lines that are reported."""
_CLOSE = {"{": "}", "[": "]"}


@dataclass(frozen=True, slots=True)
class _Rule:
    """How a line is fixed: the new line for a line and the one above it, or None; and the message."""

    fix: Callable[[str, str], str | None]
    message: str
    help: str
    """{text} in it is the fixed line."""
    everywhere: bool = False
    """Whether the author probably wrote all such lines the same way."""
    at_stop: bool = False
    """Whether it is reported where YAML stopped, if that is in the line."""
    certain: bool = True
    """Whether it may be fixed without asking."""


def _fixed(lines: list[str], mistake: Mistake) -> list[Mistake]:
    """What is wrong with the line where YAML stopped, or the one above it, if a fix helped; else empty."""
    if mistake.span.column > LARGEST or mistake.span.line > LARGEST:
        return []
    lines = lines[: max(mistake.span.line + MOST, 0)]
    length = sum(map(len, lines))
    budget = current()
    if length > LARGEST or mistake.span.line > len(lines) or budget.comparisons <= 0:
        return []
    budget.comparisons -= length // CHARACTERS_A_COMPARISON
    if mistake.problem.code == "invalid-key" and not _is_one_of_several(lines, mistake.span.line - 1):
        return []
    stopped = _stops_at("\n".join(lines))
    tries = 0
    for number in (mistake.span.line, mistake.span.line - 1):
        for rule in _RULES if number else ():
            changed = _changed(lines, number, rule)
            tries += bool(changed)
            if changed and tries <= MOST_TRIED and (found := _tried(lines, number, rule, changed, stopped)):
                at_stop = rule.at_stop and number == mistake.span.line
                if at_stop:
                    found[0].span = mistake.span
                return found[:1] if at_stop else found
        if number and (found := _lined_up(lines, number, stopped)):
            return found
    return _comma_at_end(lines, mistake, stopped)


def _comma_at_end(lines: list[str], mistake: Mistake, stopped: tuple[int, int] | None) -> list[Mistake]:
    """The line of a list or map in brackets, over several lines, that has no comma at its end."""
    number = 0 if stopped is None else stopped[0]
    if number <= mistake.span.line or not lines[number - 1].strip():
        return []
    changed = {number - 1: f"{lines[number - 1].rstrip()},"}
    if not _gets_further(lines, changed, number, stopped):
        return []
    return [_mistake(lines[number - 1].rstrip(), changed[number - 1], number - 1, _COMMA)]


def _lined_up(lines: list[str], number: int, stopped: tuple[int, int] | None) -> list[Mistake]:
    """The entries that do not line up with their list, from a line on; empty if YAML gets no further without them."""
    for moved in islice(dashes.lined_up(lines, number - 1), MOST_COLUMNS):
        if not _gets_further(lines, moved, number, stopped):
            continue
        column = len(lines[number - 1]) - len(lines[number - 1].lstrip())
        entries = [at for at in moved if lines[at][: column + 2] == " " * column + "- "]
        by = len(moved[number - 1]) - len(lines[number - 1])
        where = f"{abs(by)} column{'s' * (abs(by) > 1)} to the {'right' if by > 0 else 'left'}"
        rest = ", with the lines that belong to it" if len(entries) < len(moved) else ""
        return [
            Mistake(
                "syntax",
                "this is not valid YAML: an entry that does not line up with its list",
                Span(at + 1, column + (0 if rest else min(by, 0)) + 1, at + 1, column + 2),
                f"move it {where}{rest}: write {quote_value(shorten(moved[at].rstrip(), 120))}",
                fix=None if rest else Fix(" " * by + "-", is_text=True),
            )
            for at in entries
        ]
    return []


def _is_one_of_several(lines: list[str], index: int) -> bool:
    """Whether a line begins with a number, as others of that indentation do."""
    found = _NUMBERED.match(lines[index])
    return (
        found is not None and sum(_NUMBERED.match(line) is not None and line.startswith(found[1]) for line in lines) > 1
    )


def _changed(lines: list[str], number: int, rule: _Rule) -> dict[int, str]:
    """The lines that a rule fixes, from a line on; empty if it does not fix that one."""
    changed: dict[int, str] = {}
    for index in range(number - 1, len(lines) if rule.everywhere else number):
        new = rule.fix(lines[index], lines[index - 1] if index else "")
        if new is not None and new != lines[index]:
            changed[index] = new
        if number - 1 not in changed:
            return {}
    return changed


def _tried(
    lines: list[str], number: int, rule: _Rule, changed: dict[int, str], stopped: tuple[int, int] | None
) -> list[Mistake]:
    """The mistakes of fixed lines, of all or of the first alone; empty if YAML gets no further with them."""
    for tried in (changed, {number - 1: changed[number - 1]}):
        if _gets_further(lines, tried, number, stopped):
            return [_mistake(lines[index], new, index, rule) for index, new in list(tried.items())[:MOST]]
    return []


def _gets_further(lines: list[str], changed: dict[int, str], number: int, stopped: tuple[int, int] | None) -> bool:
    """Whether YAML accepts the text with changed lines, or stops further down."""
    now = _stops_at("\n".join(changed.get(index, line) for index, line in enumerate(lines)))
    return now is None or (stopped is not None and now[0] > max(stopped[0], number - 1))


def _mistake(old: str, new: str, index: int, rule: _Rule) -> Mistake:
    """What is wrong with a line: the part of it that its fix changes."""
    start = next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    if start == len(old) - end:  # something is inserted: the word before it is shown
        start = len(re.sub(r"(\w+|.)$", "", old[:start]))
    if not old[:start].strip() and not rule.certain:  # its beginning is wrong
        start, end = len(old) - len(old.lstrip()), 0
    span = Span(index + 1, start + 1, index + 1, max(len(old) - end, start + 1) + 1)
    is_gone = not new.strip() and "{text}" in rule.help
    help = "remove it" if is_gone else rule.help.replace("{text}", shorten(new.strip(), 120))
    message = f"this is not valid YAML: {rule.message}"
    fix = Fix(new[start : len(new) - end], is_text=True) if rule.certain else None
    return Mistake("syntax", message, span, help, fix=fix)


def _stops_at(text: str) -> tuple[int, int] | None:
    """Line and column, from 0, where YAML stops; None if it accepts the whole text."""
    loader = Loader(text)
    try:
        while loader.get_event() is not None:
            pass
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return (0, 0) if mark is None else (mark.line, mark.column)
    finally:
        loader.dispose()
    return None


def _by(pattern: str, to: str) -> Callable[[str, str], str | None]:
    compiled = re.compile(pattern)
    return lambda line, above: compiled.sub(to, line, count=1) if compiled.search(line) else None


def _closed(line: str, above: str) -> str | None:
    """A line whose open brackets are closed at its end, or where another one closes."""
    made: list[str] = []
    opened: list[str] = []
    quote = ""
    for char in line:
        if quote or char in "\"'":
            quote = "" if char == quote else quote or char
        elif char in _CLOSE:
            opened.append(_CLOSE[char])
        elif char in _CLOSE.values():
            while opened and opened[-1] != char:
                made.append(opened.pop())
            if not opened:
                return None
            opened.pop()
        made.append(char)
    return None if quote else "".join(made).rstrip() + "".join(reversed(opened))


def _unopened(line: str, above: str) -> str | None:
    """A line without the bracket that closes nothing."""
    opened: list[str] = []
    for at, char in enumerate(line):
        if char in _CLOSE:
            opened.append(_CLOSE[char])
        elif char in _CLOSE.values() and (not opened or opened.pop() != char):
            return line[:at] + line[at + 1 :]
    return None


def _commas(line: str, above: str) -> str | None:
    """A flow map with commas between its entries."""
    return re.sub(r"(?<=[\w\])}\"'])(\s*;)?\s+(?=[A-Za-z_]\w*:\s)", ", ", line) if "{" in line else None


def _key_column(line: str) -> int | None:
    found = re.match(r"(\s*(?:- )*)[\w.$-]+:(\s|$)", line)
    return len(found[1]) if found else None


def _aligned(line: str, above: str) -> str | None:
    """A key in the column of the one above it."""
    column = _key_column(above)
    entry = re.match(r"\s*([\w.$-]+:(\s.*)?)$", line)
    return None if column is None or entry is None else " " * column + entry[1]


def _aligned_dash(line: str, above: str) -> str | None:
    """A key without its surplus dash."""
    column = _key_column(above)
    entry = re.match(r"\s*- (?!type:|share:)([\w.$-]+:(\s.*)?)$", line)
    return None if column is None or entry is None else " " * column + entry[1]


def _quoted(line: str, above: str) -> str | None:
    """A line whose single quote is closed after the word."""
    for quote in "\"'":
        if line.count(quote) % 2:
            at = line.rindex(quote)
            word = re.match(r"[\w./-]+", line[at + 1 :])
            end = at + 1 + word.end() if word else at
            opens = at == 0 or not re.match(r"\w", line[at - 1])
            return f"{line[:end]}{quote}{line[end:]}" if opens and word else None
    return None


def _quoted_formulas(line: str, above: str) -> str | None:
    """A line whose expressions with brackets are quoted."""
    return _FORMULA.sub(lambda found: f'"{found[0]}"' if "[" in found[0] else found[0], line)


def _quoted_copies(line: str, above: str) -> str | None:
    """A line whose references to copies by number are quoted."""
    return _COPIES.sub(lambda found: f'"{found[0]}"', line)


_NUMBER = r"\[(?:\*|-?\d+|\$\w+|\$\((?:[^()\"']|\([^()\"']*\))*\)|[\w +*/-]+)\]"
_COPIES = re.compile(rf"(?:(?<=[:,\[] )|(?<=\[))[^\W\d][\w.-]*{_NUMBER}(?:\.[\w.-]+(?:{_NUMBER})?)*(?=\s*[,}}\]])")
"""A reference with the number of a copy, among the values of a flow map or list."""
_FORMULA = re.compile(r"""(?:(?<=[:,\[] )|(?<=\[))\$\((?:[^()"']|\((?:[^()"']|\([^()"']*\))*\))*\)(?=\s*[,}\]])""")


def _sizes(line: str, above: str) -> str:
    """A line with ``null`` for each size that is a question mark."""
    return re.sub(r"(?<=[\[,\s])\?(?=\s*[,\]])", "null", line)


_TEMPLATE = "{%"
_NUMBERED = re.compile(r"^(\s*)\d+\s*[:.)](\s+|$)")

_COMMA = _Rule(_commas, "a comma is missing at the end of the line", "write {text}", certain=False)
_RULES: tuple[_Rule, ...] = (
    _Rule(
        _by(r"\{%.*?%\}", ""),
        "a command of a template, which specc does not run",
        "remove it; 'repeat' and 'each' make copies of an item, 'when' removes one",
        everywhere=True,
        certain=False,
    ),
    _Rule(_by(r"(?<=[\s\]}])//\s?", "# "), "a comment that begins with //", "a comment begins with #: {text}", everywhere=True),
    _Rule(_by(r"(?<=[\]}\w\"']),\s*$", ""), "a comma at the end of an entry", "remove the comma", everywhere=True),
    _Rule(_by(r"^(\s*)[\u2010-\u2015\u2022\u2023\u2043\u25aa\u25cf\u00b7*+]\s+(?=\S)", r"\1- "), "an entry of a list without '-'", "begin each entry with '- ': {text}", everywhere=True),
    _Rule(_by(_NUMBERED.pattern, r"\1- "), "an entry of a list with a number", "begin each entry with '- ': {text}", everywhere=True),
    _Rule(_by(r"^(\s*(?:- )?)([A-Za-z_]\w*)\s*=\s*(?=\S)", r"\1\2: "), "Python's = for a colon", "write {text}", everywhere=True),
    _Rule(_by(r"^(\s*(?:- )?[A-Za-z_]\w*)\s*$", r"\1:"), "a key without its colon", "write {text}"),
    _Rule(_quoted_formulas, "an expression with a bracket, which needs quotes in YAML's flow style", "write {text}", everywhere=True),
    _Rule(_quoted_copies, "a reference with a bracket, which needs quotes in YAML's flow style", "write {text}", everywhere=True),
    _Rule(_commas, "a comma is missing", "write {text}", everywhere=True, certain=False),
    _Rule(_closed, "a bracket is not closed", "write {text}", certain=False, at_stop=True),
    _Rule(_by(r"\$(\w+(?:\[\w+\])+)", r'"$(\1)"'), "an entry of a value, which needs $( ) and quotes", "write {text}", certain=False),
    _Rule(_unopened, "a bracket that closes nothing", "write {text}", certain=False, at_stop=True),
    _Rule(_sizes, "? for a size that is open", "write {text}", certain=False),
    _Rule(_by(r"^\s*(\.\.\.|\u2026)\s*$", ""), "dots for an omission", "remove them", certain=False),
    _Rule(_quoted, "a quote is not closed", "write {text}", certain=False, at_stop=True),
    _Rule(_by(r"^(\s*(?:- )?[A-Za-z_]\w*)\s+(?=[\w\[{\"'-])", r"\1: "), "a key without its colon", "write {text}"),
    _Rule(_aligned_dash, "an argument as a separate entry", "remove the '- ': it belongs to the item above", certain=False),
    _Rule(_aligned, "an entry that does not line up with those above it", "indent it as the key above it", certain=False),
)  # fmt: skip
"""In order: the first whose fix helps is reported."""


def fixable(source: Source, mistakes: list[Mistake], late: Container[str]) -> Iterator[Mistake]:
    """The mistakes; those whose code is ``late`` as the slip of the line that they come from, each place once."""
    seen: set[Span] = set()
    is_template = _TEMPLATE in source.text
    for mistake in mistakes:
        if mistake.problem.code not in late:
            yield mistake
            continue
        found = mistake if is_template else in_line(source.lines, mistake)
        for made in (_fixed(source.lines, mistake) if found is mistake else []) or [found]:
            if made.span not in seen:
                seen.add(made.span)
                yield made
