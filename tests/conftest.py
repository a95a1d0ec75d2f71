"""What every test stands on, set before any of them imports TensorFlow or starts a process."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Iterator

import pytest

from specc.backends.python import source
from specc.backends.python.reading.expressions import Unwritable
from tests.support import apart

# TensorFlow switches oneDNN off on processors without AVX512-VNNI, and some convolutions then cannot run on a CPU.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

# A shell starts what runs in the background with Ctrl-C ignored, and so would start the processes that are interrupted here.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


# A fault of the emitter must not hide behind the other form that a source has.
source.FORGIVEN = (Unwritable,)


def pytest_collection_finish() -> None:
    """Keep the collector away from ten thousand tests and TensorFlow's modules, which it would look through at every turn."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[apart.Apart]:
    """What starts commands in processes of their own; they need not import Keras, which takes seconds."""
    with apart.server(tmp_path_factory.mktemp("printed")) as server:
        yield server
