"""Files that grow: one kind for each part of the language, each a function from a size in characters to a text.

They are what a stranger may send: sound ones, wrong ones, and those that say little and mean much. Each is to be answered
within two seconds of the processor and 256 MiB up to a mebibyte, and in proportion to its length beyond.

    python -m tests.growing                           every kind at a mebibyte
    python -m tests.growing --size 8388608 --seconds 16 --mebibytes 2048
    python -m tests.growing "a ring" --command "check --format json"
"""

from __future__ import annotations

from tests.growing import copies, form, layers, mistaken, text, training, values, wires

ROOMS = (text, form, values, layers, wires, copies, training, mistaken)
"""Each adds its kinds to the table, ``repeating.KINDS``, as it is imported."""
