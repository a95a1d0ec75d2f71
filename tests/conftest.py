"""The environment of every test, set before TensorFlow is imported by any."""

from __future__ import annotations

import os

# TensorFlow switches oneDNN off on processors without AVX512-VNNI, and some convolutions then cannot run on a CPU.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
