"""``specc.build`` of specs/resnet50.yaml against ``keras.applications.ResNet50``, the same network written in Keras by hand.

Both in one process, in turn, with Keras imported and warm: what is measured is reading, proving and building.

    python benchmarks/build_vs_keras.py [PAIRS]
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import keras

import specc

SPEC = Path(__file__).parent.parent / "specs" / "resnet50.yaml"


def seconds(make: Callable[[], keras.Model]) -> float:
    keras.backend.clear_session()
    gc.collect()
    start = time.perf_counter()
    model = make()
    elapsed = time.perf_counter() - start
    assert model.count_params() == 25_636_712
    return elapsed


def main() -> None:
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 7

    def ours() -> keras.Model:
        return specc.build(SPEC)

    def theirs() -> keras.Model:
        return keras.applications.ResNet50(weights=None)

    seconds(ours), seconds(theirs)
    times = [(seconds(ours), seconds(theirs)) for _ in range(pairs)]
    ratio = statistics.median(first / second for first, second in times)
    print(
        f"specc.build {statistics.median(t[0] for t in times):.2f} s, Keras {statistics.median(t[1] for t in times):.2f} s: "
        f"{ratio:.3f} times (median of {pairs} pairs)"
    )


if __name__ == "__main__":
    main()
