"""What reads what: references, edges, outputs, sizes from shapes."""

from __future__ import annotations

from tests.growing.repeating import X, kind, lines, listed, one

lines("a fan", f"layers:\n- {X}\n", "- {type: ReLU, name: a@, from: x}\n")
lines("a fan joined again", f"layers:\n- {X}\n", "- {type: ReLU, name: a, from: x, each: {i: [1, 2]}}\n" * 1)
listed("a wide join", f"layers: [{X}, {{type: Add, from: [", "x", "]}]")
listed("a wide join of unknown names", f"layers: [{X}, {{type: Add, from: [", "y@", "]}]")
listed("a wide from of one input", f"layers: [{X}, {{type: ReLU, from: [", "x", "]}]")
listed("a wide map", f"layers: [{X}, {{type: Add, from: {{", "k@: x", "}}]")
listed("a concatenation", f"layers: [{X}, {{type: Concatenate, from: [", "x", "]}]")
listed("a wide operation", f"layers: [{X}, {{type: ops.concatenate, from: [", "x", "]}]")
listed("a wide product", f"layers: [{X}, {{type: ops.meshgrid, from: [", "x", "]}]")
lines("a ring", "layers:\n", "- {type: ReLU, name: a@, from: a^}\n", end="- {type: ReLU, name: a0, from: a1}\n")
lines("rings", f"layers:\n- {X}\n", "- {type: ReLU, name: a@, from: b@}\n- {type: ReLU, name: b@, from: a@}\n")
lines("layers that feed themselves", f"layers:\n- {X}\n", "- {type: ReLU, name: a@, from: a@}\n")
kind(
    "a chain upside down",
    lambda size: (
        "layers:\n"
        + "".join(f"- {{type: ReLU, name: a{n}, from: a{n - 1}}}\n" for n in range(size // 42, 1, -1))
        + f"- {X}\n- {{type: ReLU, name: a1, from: x}}\n"
    ),
)
lines("unknown names", f"layers:\n- {X}\n", "- {type: ReLU, from: y@}\n")
lines("one unknown name", f"layers:\n- {X}\n", "- {type: ReLU, from: y}\n")
lines("unknown ports", f"layers:\n- {X}\n", "- {type: ReLU, from: x.a@}\n")
one("a long reference", f"layers: [{X}, {{type: ReLU, from: x", ".a", "}]")
one("a port of many digits", f"layers: [{X}, {{type: ReLU, from: x.", "1", "}]")
one("a port of superscripts", f"layers: [{X}, {{type: ReLU, from: x.", "²", "}]")
lines(
    "layers that lead nowhere",
    f"layers:\n- {X}\n- {{type: ReLU, name: y}}\n",
    "- {type: ReLU, from: x}\n",
    end="outputs: [y]\n",
)
lines(
    "inputs that lead nowhere",
    f"layers:\n- {X}\n- {{type: ReLU, name: y}}\n",
    "- {type: Input, name: x@, shape: [3]}\n",
    end="outputs: [y]\n",
)
listed("outputs", f"layers: [{X}, {{type: ReLU, name: y}}]\noutputs: [", "y", "]")
listed("unknown outputs", f"layers: [{X}, {{type: ReLU, name: y}}]\noutputs: [", "y@", "]")
listed("labels", f"layers: [{X}, {{type: ReLU, name: y}}]\noutputs: {{", "l@: y", "}")
lines("outputs that are ports", f"layers:\n- {X}\n- {{type: ReLU, name: y}}\noutputs:\n", "- y.0\n")
lines("multiplied outputs", f"layers:\n- {X}\n", "- {type: ReLU, name: y@, from: x}\n", end="")
listed("a path", f"layers: [{X}, {{type: ReLU, name: y}}]\nedges: [[x, y,", "y", "]]")
lines("edges", f"layers: [{X}, {{type: Add, name: y}}]\nedges:\n", "- [x, y]\n")
lines("edges of maps", f"layers: [{X}, {{type: Add, name: y}}]\nedges:\n", "- {from: x, to: y}\n")
lines("edges to an argument", f"layers: [{X}, {{type: Add, name: y}}]\nedges:\n", "- {from: x, to: y.inputs}\n")
lines("edges of unknown names", f"layers: [{X}, {{type: Add, name: y}}]\nedges:\n", "- [x@, y@]\n")
lines("edges that lack", "edges: [[x, y1]]\n" + f"layers:\n- {X}\n", "- {type: ReLU, name: y@}\n")
lines(
    "edges without inputs",
    "edges: [[x1, y]]\nlayers:\n- {type: ReLU, name: y}\n",
    "- {type: Input, name: x@, shape: [3]}\n",
)
listed("brackets that JSON lacks", '{"layers": [', '{"type": "ReLU"]', "]}")
lines("arguments as entries", f"layers:\n- {X}\n", "- type: Dense\n- units: 4\n")
lines("commas after items", f"layers:\n- {X}\n", "- {type: ReLU},\n")
lines(
    "branches that lead nowhere",
    f"outputs: [y]\nlayers:\n- {X}\n- {{type: ReLU, name: y}}\n",
    "- {type: ReLU, from: x}\n",
)
lines("edges and from", f"layers: [{X}, {{type: Add, name: y, from: x}}]\nedges:\n", "- [x, y]\n")
kind(
    "a chain of edges",
    lambda size: (
        f"layers:\n- {X}\n"
        + "".join(f"- {{type: ReLU, name: a{n}}}\n" for n in range(size // 45))
        + "edges:\n- [x, a0]\n"
        + "".join(f"- [a{n}, a{n + 1}]\n" for n in range(size // 45 - 1))
    ),
)

ASKED = '"$(shape(d^)[-1])"'
lines(
    "shapes above",
    f"layers:\n- {X}\n- {{type: Dense, name: d0, units: 3}}\n",
    f"- {{type: Dense, name: d@, units: {ASKED}}}\n",
)
lines(
    "shapes below",
    f"layers:\n- {X}\n- {{type: Dense, name: d0, units: 3}}\n",
    f"- {{type: Dense, name: d^, units: {ASKED.replace('^', '@')}}}\n",
)
lines("shapes of nothing", f"layers:\n- {X}\n", f"- {{type: Dense, name: d@, units: {ASKED.replace('d^', 'e@')}}}\n")
lines(
    "shapes of what is wrong",
    f"layers:\n- {X}\n",
    f"- {{type: Conv1D, name: d^, filters: 3, kernel_size: 1}}\n- {{type: Dense, name: e@, units: {ASKED}}}\n",
)
lines(
    "shapes that decide",
    f"layers:\n- {X}\n- {{type: Dense, name: d0, units: 3}}\n",
    "- {type: Dense, name: d@, units: 3, when: $(shape(d^)[-1:] == [4])}\n".replace("$(", '"$(').replace("])}", '])"}'),
)
kind(
    "shapes of copies",
    lambda _: (
        f'layers: [{X}, {{type: Dense, name: d, units: 3, repeat: 9000}}, {{type: Dense, units: "$(sum([shape(d[i])[-1] for i in range(3000)]))"}}]'
    ),
)
lines(
    "shapes of all copies",
    f"layers:\n- {X}\n- {{type: Dense, name: d, units: 3, each: {{n: $(range(3000))}}}}\n",
    '- {type: Dense, units: "$(shape(d)[-1])", repeat: 20}\n',
)
kind(
    "shapes in copies",
    lambda _: (
        f'blocks: {{b: {{inputs: [x], layers: [{{type: Dense, name: d, units: "$(shape(x)[-1])"}}], outputs: [d]}}}}\nlayers: [{X}, {{type: b, repeat: 3000}}]'
    ),
)
lines(
    "shapes in models",
    f'blocks: {{b: {{inputs: [x], layers: [{{type: Dense, name: d, units: "$(shape(x)[-1])"}}], outputs: [d]}}}}\nlayers:\n- {X}\n',
    "- {type: b, nested: true}\n",
)
lines(
    "edges with shapes",
    f"layers:\n- {X}\n- {{type: Dense, name: d, units: 3}}\nedges:\n- [x, d]\n",
    "- [\"$('x' if shape(x)[-1] else 3)\", d]\n",
)
