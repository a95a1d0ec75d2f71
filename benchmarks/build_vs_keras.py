"""``specc.build`` of five specs against the same networks of ``keras.applications``, written in Keras by hand.

All in one process, in turn, with Keras imported and warm: what is measured is reading, proving and building. The time is that
of the processor, which other programs of a shared machine lengthen less.

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

SPECS = Path(__file__).parent.parent / "specs"
MODELS = {
    "resnet50": "ResNet50",
    "resnet50v2": "ResNet50V2",
    "mobilenet_v2": "MobileNetV2",
    "densenet121": "DenseNet121",
    "xception": "Xception",
}


def seconds(make: Callable[[], keras.Model]) -> tuple[float, int]:
    """The time that it takes, and the number of parameters."""
    keras.backend.clear_session()
    gc.collect()
    start = time.process_time()
    model = make()
    return time.process_time() - start, model.count_params()


def main() -> None:
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    ratios = []
    for spec, name in MODELS.items():
        written = getattr(keras.applications, name)

        def ours(path: Path = SPECS / f"{spec}.yaml") -> keras.Model:
            return specc.build(path)

        def theirs(written: Callable[..., keras.Model] = written) -> keras.Model:
            return written(weights=None)

        assert seconds(ours)[1] == seconds(theirs)[1]
        times = [(seconds(ours)[0], seconds(theirs)[0]) for _ in range(pairs)]
        ratio = statistics.median(first / second for first, second in times)
        ratios.append(ratio)
        mine, its = (statistics.median(each) for each in zip(*times, strict=True))
        print(
            f"{name}: specc.build {mine:.2f} s, Keras {its:.2f} s: {ratio:.3f} times (median of {pairs} pairs)",
            flush=True,
        )
    print(f"median of the networks: {statistics.median(ratios):.3f} times")


if __name__ == "__main__":
    main()
