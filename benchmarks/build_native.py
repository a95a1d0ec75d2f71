"""``specc build`` of a file of Keras: by specc itself, and through Keras. Whole processes, in turn, on the same machine.

Also the peak memory of specc's way, and the JSON of an architecture against the check of the same spec.

    python benchmarks/build_native.py [PAIRS]
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

SPECS = Path(__file__).parent.parent / "specs"
MODELS = {"fashion_mnist_cnn.json": 7, "resnet50.yaml": 4}
"""Specs, and how many times faster their archives are to be than through Keras."""
MEGABYTES = 100


def run(*arguments: str) -> tuple[float, float]:
    """The seconds that specc takes, and the megabytes of its peak memory."""
    start = time.perf_counter()
    pid = os.spawnlp(os.P_NOWAIT, "specc", "specc", *arguments, "-q")
    _, status, usage = os.wait4(pid, 0)
    assert status == 0, arguments
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def main() -> None:
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with tempfile.TemporaryDirectory() as folder:
        for name, least in MODELS.items():
            spec, archive, text = str(SPECS / name), f"{folder}/model.keras", f"{folder}/model.json"
            ways: list[tuple[str, ...]] = [("build", spec, "-o", archive, "--via", way) for way in ("native", "keras")]
            ways += [("build", spec, "-o", text, "--via", "native"), ("check", spec)]
            for way in ways:  # compiled files and disk caches
                run(*way)
            rounds = [[run(*way) for way in ways] for _ in range(pairs)]
            faster = statistics.median(keras[0] / native[0] for native, keras, _, _ in rounds)
            longer = statistics.median(json[0] / check[0] for _, _, json, check in rounds)
            seconds = [statistics.median(each[way][0] for each in rounds) for way in range(4)]
            memory = max(native[1] for native, *_ in rounds)
            print(
                f"{name}: .keras {seconds[0]:.2f} s, through Keras {seconds[1]:.2f} s: {faster:.1f} times faster (wanted {least}), "
                f"{memory:.0f} MB (at most {MEGABYTES}); .json {seconds[2]:.2f} s, check {seconds[3]:.2f} s: {longer:.2f} times"
            )


if __name__ == "__main__":
    main()
