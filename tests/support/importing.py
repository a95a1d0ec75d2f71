"""Models of specs as they are read from Keras's files, for tests of importing."""

from __future__ import annotations

import json
from typing import Any

import specc
from specc.archive.file import architecture
from specc.archive.reading.models import Reader, ReadModel
from specc.archive.reading.training import read_training
from tests.support.checking import spec


def saved(text: str) -> dict[str, Any]:
    """What a file has of the model of a spec."""
    found: dict[str, Any] = json.loads(json.dumps(architecture(specc.compile(spec(text)))))
    return found


def model(text: str) -> ReadModel:
    """The model of a spec, read from what a file has of it."""
    written = saved(text)
    found = Reader().read(written)
    found.training = read_training(written["compile_config"])
    return found
