"""The command; ``python -m tests.growing --help`` shows what it takes."""

from __future__ import annotations

import argparse
import sys

from tests.growing.processes import answered, warm
from tests.growing.repeating import KINDS


def main() -> int:
    """The command line: a line for each kind; exit code 1 where one was not answered within the limits."""
    parser = argparse.ArgumentParser(prog="python -m tests.growing", description="Texts that grow, within limits.")
    parser.add_argument("names", nargs="*", metavar="KIND", help="all of them by default")
    parser.add_argument("--size", type=int, default=1 << 20, help="characters of each text")
    parser.add_argument("--seconds", type=int, default=2, help="of the processor, for each")
    parser.add_argument("--mebibytes", type=int, default=256, help="of memory, for each")
    parser.add_argument("--part", default="0/1", help="every so many kinds, from which on: 0/8")
    parser.add_argument("--command", default="check", help="such as 'summary --format json'")
    given = parser.parse_args()
    first, step = map(int, given.part.split("/"))
    warm()
    wrong = 0
    for name in given.names or list(KINDS)[first::step]:
        ended = answered(name, given.size, given.seconds, given.mebibytes, *given.command.split())
        wrong += not ended.well
        said = "" if ended.well else f" WRONG {ended.said[-300:]!r}"
        print(f"{ended.seconds:6.2f} s {ended.mebibytes:4} MiB  exit {ended.code:3}  {name}{said}", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
