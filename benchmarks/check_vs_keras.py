"""A cold ``specc check`` against the same model written in Keras: whole processes, in turn, so that both see the same machine.

python benchmarks/check_vs_keras.py [RUNS]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SPEC = Path(__file__).parent.parent / "specs" / "fashion_mnist_cnn.json"
KERAS = """
import keras
from keras import layers

model = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(32, 3, padding="same", activation="relu"),
    layers.MaxPooling2D(2),
    layers.Conv2D(64, 3, padding="same", activation="relu"),
    layers.MaxPooling2D(2),
    layers.Flatten(),
    layers.Dense(100, activation="relu"),
    layers.Dropout(0.4),
    layers.Dense(10, activation="softmax"),
])
assert model.count_params() == 333526
"""


def seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "in_keras.py"
        script.write_text(KERAS)
        ours, theirs = ["specc", "check", str(SPEC)], [sys.executable, str(script)]
        seconds(ours), seconds(theirs)  # compiled files and disk caches
        pairs = [(seconds(ours), seconds(theirs)) for _ in range(runs)]
    check = statistics.median(pair[0] for pair in pairs)
    keras = statistics.median(pair[1] for pair in pairs)
    ratio = statistics.median(theirs / ours for ours, theirs in pairs)
    print(
        f"specc check {check:.3f} s, the model in Keras {keras:.3f} s: {ratio:.1f} times faster (median of {runs} pairs)"
    )


if __name__ == "__main__":
    main()
