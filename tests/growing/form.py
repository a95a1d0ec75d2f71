"""The form of a spec: its keys, items, sections."""

from __future__ import annotations

from tests.growing.repeating import X, lines, listed, one

lines("unknown keys", "k@: 1\n")
listed("unknown keys in json", "{", '"k@": 1', "}")
listed("unknown keys of an item", "layers: [{type: Dense, units: 1,", "k@: 1", "}]")
listed("misspelt keys of an item", "layers: [{type: Dense,", "unist@: 1", "}]")
lines("items without a type", f"layers:\n- {X}\n", "- {name: a@}\n")
lines("items that misspell type", f"layers:\n- {X}\n", "- {tpye: Dense}\n")
lines("invalid names", f"layers:\n- {X}\n", "- {type: ReLU, name: a.@}\n")
one("a long name", "layers: [{type: ReLU, name: ", "a", "}]")
lines("invalid from", f"layers:\n- {X}\n", "- {type: ReLU, from: 1}\n")
lines("invalid repeat", f"layers:\n- {X}\n", "- {type: ReLU, repeat: x}\n")
lines("share and type", f"layers:\n- {X}\n", "- {share: x, type: ReLU}\n")
listed("includes", "include: [", "a@.yaml", "]\nlayers: []")
listed("includes of one file", "include: [", "a.yaml", "]\nlayers: []")
listed("includes outside", "include: [", "../a@.yaml", "]\nlayers: []")
one("a long include", "include: [", "a/", "]\nlayers: []")
lines("invalid edges", f"layers: [{X}]\nedges:\n", "- [a]\n")
listed("invalid outputs", f"layers: [{X}]\noutputs: [", "1", "]")
listed("invalid labels", f"layers: [{X}]\noutputs: {{", "-@: x", "}")
lines("invalid variants", f"layers: [{X}]\nvariants:\n", "  v@: 1\n")
lines("invalid defaults", f"layers: [{X}]\ndefaults:\n", "  D@: 1\n")
lines("invalid blocks", f"layers: [{X}]\nblocks:\n", "  b@: 1\n")
lines("empty blocks", f"layers: [{X}]\nblocks:\n", "  b@: {}\n")
