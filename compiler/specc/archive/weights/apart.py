"""Work with files from anyone in a process of its own: libraries that read them may hang, or crash, where one is damaged."""

from __future__ import annotations

import faulthandler
import os
import signal
from collections.abc import Callable

WAITING = 10
"""How much longer it may take where the machine does something else."""


def ends(work: Callable[[], object], seconds: float) -> bool:
    """Whether a function ends in so many seconds of computing, in another process, without crashing.

    What it raises does not count. True at once on a system that cannot copy a process.
    """
    if not hasattr(os, "fork"):
        return True
    pid = os.fork()
    if pid == 0:
        try:
            faulthandler.disable()
            for number in (signal.SIGPROF, signal.SIGALRM):
                signal.signal(number, signal.SIG_DFL)  # which ends the process, also inside a library
            signal.setitimer(signal.ITIMER_PROF, seconds)
            signal.setitimer(signal.ITIMER_REAL, WAITING * seconds)
            work()
        finally:
            os._exit(0)  # whatever it raised
    try:
        status = os.waitpid(pid, 0)[1]
    except BaseException:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise
    return not os.WIFSIGNALED(status)
