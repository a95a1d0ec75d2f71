"""Specs with a warning, to be filled with what allows it."""

WARNED = "{type: Dense, name: größe, units: 1%s}"
SPEC = "layers:\n  - {type: Input, name: x, shape: [4]}\n  - %s\n"
BLOCKS = "blocks:\n  head:%s\n    inputs: [i]\n    layers:\n      - %s\n    outputs: [größe]\n"
