"""Work in a process of its own: what hangs or crashes there is told, and nothing else happens."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

import pytest

from specc.archive.weights.apart import ends


def fails() -> None:
    raise ValueError("what it raises does not count")


@pytest.mark.parametrize(("work", "ended"), [
    (lambda: None, True),
    (fails, True),
    (lambda: os.kill(os.getpid(), signal.SIGSEGV), False),
    (lambda: time.sleep(60), False),
    (lambda: sum(iter(int, 1)), False),
])  # fmt: skip
def test_what_ends(work: Callable[[], object], ended: bool, capfd: pytest.CaptureFixture[str]) -> None:
    assert ends(work, 0.05) is ended
    assert capfd.readouterr() == ("", "")
