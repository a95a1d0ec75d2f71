"""Files that are given as a spec but are something else: what they are, and what to do."""

from __future__ import annotations

import os
import re
from typing import Any

from specc.diagnostics.text_safety import quote_value

_REBUILD = "specc reads specs: write its layers as a spec; in Python keras.models.load_model reads it"
_IMPORT = "'specc import' writes the spec of it"
_DRAWN = "specc draws such files from a spec (specc graph), and reads only the spec"

_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "a .keras file or another ZIP archive", _IMPORT),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file (.h5), a Keras model or its weights", _REBUILD),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture", _DRAWN),
    (b"\xff\xd8\xff", "a JPEG picture", _DRAWN),
    (b"GIF8", "a GIF picture", _DRAWN),
    (b"%PDF-", "a PDF file", _DRAWN),
    (b"\x93NUMPY", "a NumPy array", "specc reads specs, not data"),
    (b"\x1f\x8b", "a compressed file (gzip)", "unpack it first"),
    (b"\x80\x02", "a Python pickle, as PyTorch saves one", "specc reads specs, and never runs what a file contains"),
    (b"\x80\x04", "a Python pickle", "specc reads specs, and never runs what a file contains"),
    (b"TFL3", "a TensorFlow Lite model", _REBUILD),
)
_ONNX = re.compile(rb"\x08[\x01-\x20].{0,200}?(onnx|ir_version|pytorch|tf2onnx|keras|ai\.onnx)", re.DOTALL)
_TEXTS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(r"\s*(<\?xml[^>]*>\s*)?(?>(<!--.*?-->\s*)*)(<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]", re.DOTALL), "an SVG picture", _DRAWN),
    (re.compile(r"\s*<(!DOCTYPE html|html|head|body)[\s>]", re.IGNORECASE), "an HTML page", _DRAWN),
    (re.compile(r"\s*<\?xml"), "an XML file", "a spec is JSON or YAML"),
    (re.compile(r"\s*(strict\s+)?(di)?graph\s+[\w\"]*\s*\{"), "a DOT graph", _DRAWN),
    (re.compile(r"\s*(---.*?---\s*)?(%%\{.*?\}%%\s*)?(?>(%%[^\n]*\n\s*)*)(flowchart|graph)\s+(TD|TB|BT|LR|RL)\b", re.DOTALL), "a Mermaid chart", _DRAWN),
    (
        re.compile(r"(?>([^\S\n]*+(#[^\n]*|\"\"\".*?\"\"\")?[^\S\n]*+\n)*)\s*(import\s+\w[\w.]*(\s+as\s+\w+)?\s*\n|from\s+\w[\w.]*\s+import\s|def\s+\w+\(|class\s+\w+[(:]|\w+\s*=\s*[\w.]+\()", re.DOTALL),
        "Python source",
        "a spec is JSON or YAML, and each layer an item, as in {type: Dense, units: 10}; 'specc build spec.yaml -o model.py' turns a spec into Python",
    ),
)  # fmt: skip
LOOKED_AT = 4096
_OF_JSON = "keras.models.model_from_json"
_OF_KERAS = "specc writes such files and reads specs: list its layers as items with 'type'"
LAYERS = "a spec lists each layer: layers: [{type: Input, name: x, shape: [8]}, {type: Dense, units: 1}]"


def of_folder(path: str) -> tuple[str, str] | None:
    """What a folder is that contains a model, and what to do; None for any other folder."""
    names = set(os.listdir(path)) if os.path.isdir(path) else set()
    if names & {"saved_model.pb", "saved_model.pbtxt"}:
        return "a TensorFlow SavedModel", "specc writes such folders (specc build -o folder/), and reads specs"
    if names >= {"config.json", "metadata.json"} and names & {"model.weights.h5", "assets"}:
        return "a .keras file, unpacked", _IMPORT
    return None


def of_bytes(content: bytes) -> tuple[str, str] | None:
    """What a binary file is, and what to do; None if its first bytes are not known."""
    for magic, what, help in _MAGIC:
        if content.startswith(magic):
            return what, help
    if _ONNX.match(content[:LOOKED_AT]):
        return "an ONNX model", "specc reads specs, and writes ONNX: specc build spec.yaml -o model.onnx"
    return None


def of_text(text: str) -> tuple[str, str] | None:
    """What a text is that is neither JSON nor YAML, and what to do."""
    begin = text[:LOOKED_AT]
    return next(((what, help) for pattern, what, help in _TEXTS if pattern.match(begin)), None)


def of_data(data: Any) -> tuple[str, str] | None:
    """What data are that are not a spec, and what to do."""
    if (found := _of_keras(data)) is not None:
        kind, function = found
        if function == _OF_JSON:
            return kind, _IMPORT
        return kind, f"{_OF_KERAS}; in Python {function} reads it"
    if not isinstance(data, dict):
        return None
    keys = data.keys()
    if "layers" in keys or "blocks" in keys:
        return None
    if keys >= {"name", "version"} and keys & {"dependencies", "scripts", "devDependencies", "main"}:
        return "a package.json of npm", "a spec is a map with 'layers', a list"
    if "$schema" in keys and keys & {"properties", "$defs", "definitions"}:
        return "a JSON Schema", "a spec is a map with 'layers', a list; the schema is for an editor"
    if keys >= {"cells", "nbformat"}:
        return "a Jupyter notebook", "a spec is a map with 'layers', a list"
    if keys & {"architectures", "model_type"} and keys & {"hidden_size", "transformers_version", "vocab_size"}:
        return "a config.json of Hugging Face", "a spec is a map with 'layers', a list"
    if keys >= {"input_features", "output_features"}:
        return "a configuration of Ludwig", LAYERS
    if len(keys & {"backbone", "head", "nc", "depth_multiple", "anchors"}) > 1:
        return "a configuration of YOLO", LAYERS
    if "MODEL" in keys:
        return "a configuration of Detectron", LAYERS
    if "openapi" in keys or "swagger" in keys:
        return "an OpenAPI document", "a spec is a map with 'layers', a list"
    if "services" in keys and keys <= {"services", "version", "volumes", "networks", "name"}:
        return "a Docker Compose file", "a spec is a map with 'layers', a list"
    return None


_IN_A_CONFIG = frozenset({"input_layers", "output_layers", "build_input_shape", "trainable", "batch_input_shape"})


def _of_keras(data: Any) -> tuple[str, str] | None:
    """A Keras model as saved data, and what reads it: its JSON, the configuration inside it, or its list of layers."""
    if isinstance(data, dict) and "class_name" in data and "config" in data:
        kind = data["class_name"] if isinstance(data["class_name"], str) else "object"
        return f"a Keras model as JSON ({quote_value(kind)[1:-1]})", _OF_JSON
    if isinstance(data, dict) and len(data) == 1:
        ((key, inside),) = data.items()
        return _of_keras(inside) if key in ("config", "model_config") else None
    layers = data.get("layers") if isinstance(data, dict) and data.keys() & _IN_A_CONFIG else data
    if isinstance(layers, list) and layers and all(isinstance(it, dict) and "class_name" in it for it in layers):
        what = "a list of layers as Keras saves them" if layers is data else "the configuration of a Keras model"
        return what, "from_config of keras.Model or keras.Sequential"
    return None
