"""Copies, blocks, shared calls, absent layers."""

from __future__ import annotations

from tests.growing.repeating import X, kind, lines, listed, many, one

BLOCK = "blocks: {b: {inputs: [x], layers: [{type: Dense, name: d, units: 3}], outputs: [d]}}"
lines("a repetition", f"layers: [{X}, {{type: Dense, units: 3, repeat: 20000}}]")
lines("a repetition too many", f"layers: [{X}, {{type: Dense, units: 3, repeat: 300000}}]")
one("a repetition of many digits", f"layers: [{X}, {{type: Dense, units: 3, repeat: ", "9", "}]")
lines("repetitions", f"layers:\n- {X}\n", "- {type: ReLU, repeat: 2}\n")
lines("repetitions of nothing", f"layers:\n- {X}\n", "- {type: ReLU, repeat: 0}\n")
lines("a repetition that fails", f"layers: [{X}, {{type: Dense, units: 0, repeat: 20000}}]")
lines("a repetition whose copies fail", f"layers: [{X}, {{type: Dense, units: $(0 - index), repeat: 20000}}]")
lines(
    "a repetition of long arguments",
    f"layers: [{X}, {{type: Normalization, variance: 1, mean: [{', '.join(['1'] * 1000)}], repeat: 20000}}]",
)
lines(
    "a repetition of long values",
    f"vars: {{r: $(range(9000))}}\nlayers: [{X}, {{type: Dense, units: 3, kernel_initializer: {{type: Constant, value: $r}}, repeat: 20000}}]",
)
lines("a repetition of long names", f"layers: [{X}, {{type: ReLU, name: {'a' * 200}, repeat: 20000}}]")
listed("copies side by side", f"layers: [{X}, {{type: Dense, units: $u, from: x, each: {{u: [", "@", "]}}]")
listed("copies of wrong values", f"layers: [{X}, {{type: Dense, units: $u, from: x, each: {{u: [", "a@", "]}}]")
listed("copies of many values", f"layers: [{X}, {{type: Dense, units: 3, from: x, each: {{", "u@: [1, 2]", "}}]")
listed(
    "copies of unlike lists", f"layers: [{X}, {{type: Dense, units: 3, from: x, each: {{", "u@: [1], v@: [1, 2]", "}}]"
)
COPIES = f"layers:\n- {X}\n- {{type: ReLU, name: d, from: x, each: {{i: $(range(10000))}}}}\n"
lines("joins of copies", COPIES, "- {type: Add, from: d}\n")
lines("joins of joins", COPIES, "- {type: Add, from: [d, d, d, d, d, d, d, d]}\n")
lines("copies for one", COPIES, "- {type: ReLU, from: d}\n")
lines(
    "joins of few copies",
    f"layers:\n- {X}\n- {{type: ReLU, name: d, from: x, each: {{i: $(range(500))}}}}\n",
    "- {type: Add, from: d}\n",
)
listed("outputs that are copies", COPIES + "outputs: [", "d", "]")
lines("unknown copies", COPIES, "- {type: ReLU, from: d_@0000}\n")
lines("blocks", f"layers: [{X}, ReLU]\nblocks:\n", "  b@: {inputs: [x], layers: [ReLU], outputs: [x]}\n")
lines(
    "blocks used",
    f"layers: [{X}, {{type: b1}}]\nblocks:\n  b0: {{inputs: [x], layers: [ReLU], outputs: [x]}}\n",
    "  b@: {inputs: [x], layers: [b^], outputs: [x]}\n",
)
lines(
    "blocks in blocks",
    f"layers: [{X}, {{type: b^}}]\nblocks:\n  b0: {{inputs: [x], layers: [{{type: ReLU, name: y}}], outputs: [y]}}\n".replace(
        "^", "5000"
    ),
    "  b@: {inputs: [x], layers: [{type: b^, name: y}], outputs: [y]}\n",
)
lines(
    "a block in itself",
    f"layers: [{X}, {{type: b1}}]\nblocks:\n",
    "  b@: {inputs: [x], layers: [{type: b@, name: y}], outputs: [y]}\n",
)
kind(
    "blocks in a cycle",
    lambda size: (
        many(
            size - 100,
            f"layers: [{X}, {{type: b1}}]\nblocks:\n",
            "  b@: {inputs: [x], layers: [{type: b^, name: y}], outputs: [y]}\n",
        )
        + "  b0: {inputs: [x], layers: [{type: b1, name: y}], outputs: [y]}\n"
    ),
)
lines("instances", f"{BLOCK}\nlayers:\n- {X}\n", "- b\n")
lines(
    "instances with arguments",
    f"{BLOCK.replace('{inputs', '{args: {n: 1}, inputs').replace('3', '$n')}\nlayers:\n- {X}\n",
    "- {type: b, n: @}\n",
)
lines("instances with wrong arguments", f"{BLOCK}\nlayers:\n- {X}\n", "- {type: b, n: @}\n")
lines(
    "instances that fail",
    f"{BLOCK.replace('3', '$n').replace('{inputs', '{args: {n: null}, inputs')}\nlayers:\n- {X}\n",
    "- {type: b, n: -@}\n",
)
lines("nested models", f"{BLOCK}\nlayers:\n- {X}\n", "- {type: b, nested: true}\n")
lines("instances repeated", f"{BLOCK}\nlayers:\n- {X}\n", "- {type: b, repeat: 2}\n")
lines("nested models repeated", f"{BLOCK}\nlayers: [{X}, {{type: b, nested: true, repeat: 5000}}]")
lines("members", f"{BLOCK}\nlayers:\n- {X}\n- {{type: b, name: i}}\n", "- {type: ReLU, from: i.d}\n")
lines("unknown members", f"{BLOCK}\nlayers:\n- {X}\n- {{type: b, name: i}}\n", "- {type: ReLU, from: i.e@}\n")
listed(
    "a block of many arguments",
    f"layers: [{X}, {{type: b}}]\nblocks: {{b: {{inputs: [x], layers: [ReLU], outputs: [x], args: {{",
    "a@: 1",
    "}}}",
)
listed(
    "a block of growing arguments",
    f"layers: [{X}, {{type: b, name: i}}]\nblocks: {{b: {{inputs: [x], layers: [{{type: ReLU, name: y}}], outputs: [y], args: {{a0: 1, ",
    '"a@": "$a^"',
    "}}}",
)
listed(
    "a block of many inputs",
    f"layers: [{X}, {{type: b}}]\nblocks: {{b: {{layers: [ReLU], outputs: [x], inputs: [",
    "a@",
    "]}}",
)
listed(
    "a block of equal inputs",
    f"layers: [{X}, {{type: b}}]\nblocks: {{b: {{layers: [ReLU], outputs: [x], inputs: [",
    "a",
    "]}}",
)
listed(
    "a block of many outputs",
    f"layers: [{X}, {{type: b, name: i}}]\nblocks: {{b: {{inputs: [x], layers: [{{type: ReLU, name: y}}], outputs: {{",
    "o@: y",
    "}}}",
)
listed(
    "a block of many outputs nested",
    f"layers: [{X}, {{type: b, name: i, nested: true}}]\nblocks: {{b: {{inputs: [x], layers: [{{type: ReLU, name: y}}], outputs: {{",
    "o@: y",
    "}}}",
)
listed(
    "a block of unknown outputs",
    f"layers: [{X}, {{type: b, name: i}}]\nblocks: {{b: {{inputs: [x], layers: [ReLU], outputs: [",
    "o@",
    "]}}",
)
lines(
    "a large block never used",
    f"layers: [{X}, ReLU]\nblocks:\n  b:\n    inputs: [x]\n    outputs: [y]\n    layers:\n",
    "    - {type: Dens@, from: z@}\n",
)
lines(
    "a large block used",
    f"layers: [{X}, {{type: b, name: i}}]\nblocks:\n  b:\n    inputs: [x]\n    outputs: [y]\n    layers:\n    - {{type: ReLU, name: y}}\n",
    "    - {type: ReLU, name: a@, from: x}\n",
)
lines(
    "blocks of unlike sizes",
    f"layers: [{X}, {{type: b, n: $index, repeat: 1000}}]\nblocks: {{b: {{args: {{n: 1}}, inputs: [x], layers: [{{type: ReLU, name: y, repeat: $n}}], outputs: [y]}}}}",
)
lines(
    "copies of copies",
    "layers: ["
    + X
    + ", {type: b3, name: a, repeat: 60}]\nblocks:\n  b0: {inputs: [x], layers: [{type: ReLU, name: y}], outputs: [y]}\n"
    + "".join(
        f"  b{n}: {{inputs: [x], layers: [{{type: b{n - 1}, name: y, repeat: 15}}], outputs: [y]}}\n" for n in (1, 2, 3)
    ),
)
lines(
    "copies without end",
    "layers: ["
    + X
    + ", {type: b20, name: a}]\nblocks:\n  b0: {inputs: [x], layers: [{type: ReLU, name: y}], outputs: [y]}\n"
    + "".join(
        f"  b{n}: {{inputs: [x], layers: [{{type: b{n - 1}, name: y, repeat: 15}}], outputs: [y]}}\n"
        for n in range(1, 21)
    ),
)
lines(
    "nested copies without end",
    "layers: ["
    + X
    + ", {type: b20, name: a, nested: true}]\nblocks:\n  b0: {inputs: [x], layers: [{type: ReLU, name: y}], outputs: [y]}\n"
    + "".join(
        f"  b{n}: {{inputs: [x], layers: [{{type: b{n - 1}, name: y, nested: true}}, {{type: b{n - 1}, nested: true, name: z}}], outputs: [y]}}\n"
        for n in range(1, 21)
    ),
)
lines("shared calls", f"layers:\n- {X}\n- {{type: Dense, name: d, units: 3}}\n", "- {share: d}\n")
lines("shares of shares", f"layers:\n- {X}\n- {{type: Dense, name: d0, units: 3}}\n", "- {share: d^, name: d@}\n")
kind(
    "shares of shares upside down",
    lambda size: (
        f"layers:\n- {X}\n"
        + "".join(f"- {{share: d{n + 1}, name: d{n}}}\n" for n in range(size // 34))
        + f"- {{type: Dense, name: d{size // 34}, units: 3}}\n"
    ),
)
kind(
    "shares in a cycle",
    lambda size: many(size - 30, f"layers:\n- {X}\n", "- {share: d@, name: d^}\n") + "- {share: d0, name: last}\n",
)
lines("shares of themselves", f"layers:\n- {X}\n", "- {share: d@, name: d@}\n")
lines("unknown shares", f"layers:\n- {X}\n", "- {share: d@}\n")
lines("shared instances", f"{BLOCK}\nlayers:\n- {X}\n- {{type: b, name: i}}\n", "- {share: i}\n")
lines("shares of shared instances", f"{BLOCK}\nlayers:\n- {X}\n- {{type: b, name: i0}}\n", "- {share: i^, name: i@}\n")
lines("absent layers", f"layers:\n- {X}\n", "- {type: ReLU, when: false}\n")
lines(
    "absent layers by name",
    f"layers:\n- {X}\n- {{type: ReLU, name: a0}}\n",
    "- {type: ReLU, when: false, name: a@, from: a^}\n",
    end="- {type: ReLU}\n",
)
kind(
    "absent layers upside down",
    lambda size: (
        f"layers:\n- {X}\n- {{type: ReLU, from: a0}}\n"
        + "".join(f"- {{type: ReLU, name: a{n}, from: a{n + 1}, when: false}}\n" for n in range(size // 54))
        + f"- {{type: ReLU, name: a{size // 54}, from: x}}\n"
    ),
)
kind(
    "absent layers in a cycle",
    lambda size: (
        many(size - 60, f"layers:\n- {X}\n", "- {type: ReLU, name: a^, from: a@, when: false}\n")
        + "- {type: ReLU, name: last, from: a0}\n"
    ),
)
lines(
    "absent layers with else",
    f"layers:\n- {X}\n- {{type: ReLU, name: a0}}\n",
    "- {type: ReLU, when: false, name: a@, else: a^}\n",
    end="- {type: ReLU}\n",
)
lines(
    "absent copies of copies",
    COPIES,
    "- {type: ReLU, name: e@, when: false, else: d, each: {i: $(range(99))}}\n- {type: Add, from: e@}\n",
)
lines(
    "absent layers that pass copies", COPIES, "- {type: Add, when: false, else: d, name: e@}\n- {type: Add, from: e@}\n"
)
