"""Work with files from anyone in a process of its own: libraries that read them may hang, or crash, where one is damaged."""

from __future__ import annotations

import faulthandler
import os
import signal
from collections.abc import Callable


def ends(work: Callable[[], object], seconds: float) -> bool:
    """Whether a function ends in so many seconds, in another process, without crashing; what it raises does not count.

    True at once on a system that cannot copy a process.
    """
    if not hasattr(os, "fork"):
        return True
    pid = os.fork()
    if pid == 0:
        try:
            faulthandler.disable()
            signal.signal(signal.SIGALRM, signal.SIG_DFL)  # which ends the process, also inside a library
            signal.setitimer(signal.ITIMER_REAL, seconds)
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
