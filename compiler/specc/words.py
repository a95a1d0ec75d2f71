"""English words for messages: articles, and numbers with their nouns."""

from __future__ import annotations


def with_article(name: str) -> str:
    """A name with its article, as it is read aloud.

    >>> with_article("Add"), with_article("LSTM"), with_article("Dense")
    ('an Add', 'an LSTM', 'a Dense')
    >>> with_article("UnitNormalization"), with_article("UpSampling2D")
    ('a UnitNormalization', 'an UpSampling2D')
    """
    is_spelt = name[:2].isupper() and name[0] in "FHLMNRSX"  # read letter by letter
    begins_with_vowel = name[:1].lower() in tuple("aeiou") and not name.lower().startswith(("uni", "use"))
    return f"{'an' if is_spelt or begins_with_vowel else 'a'} {name}"


def plural(noun: str) -> str:
    """
    >>> plural("layer"), plural("loss"), plural("more copy")
    ('layers', 'losses', 'more copies')
    """
    if noun.endswith("y"):
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith("s") else f"{noun}s"


def count_of(number: int, noun: str) -> str:
    """
    >>> count_of(1, "layer"), count_of(1200, "param"), count_of(0, "copy")
    ('1 layer', '1,200 params', '0 copies')
    """
    return f"{number:,} {noun if number == 1 else plural(noun)}"


def memory(size: int) -> str:
    """A number of bytes as Keras's summary shows it.

    >>> memory(1334104), memory(12)
    ('1.27 MB', '12.00 B')
    """
    amount = float(size)
    for unit in ("B", "KB", "MB", "GB", "TB"):
        if amount < 1024:
            return f"{amount:.2f} {unit}"
        amount /= 1024
    return f"{amount:.2f} PB"
