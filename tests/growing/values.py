"""Values: vars, expressions, aliases, variants, defaults."""

from __future__ import annotations

from tests.growing.repeating import TENFOLD, X, doubling, kind, lines, listed, many, one

lines("vars", f"layers: [{X}, ReLU]\nvars:\n", "  v@: 1\n")
lines("invalid vars", f"layers: [{X}]\nvars:\n", "  -v@: 1\n")
lines("vars that follow", f"layers: [{X}, {{type: Dense, units: $v0}}]\nvars:\n  v0: 1\n", "  v@: $v^\n")
lines("vars that lead", f"layers: [{X}]\nvars:\n", "  v^: $v@\n", end="  last: 1\n")
kind("vars in a cycle", lambda size: many(size, f"layers: [{X}]\nvars:\n", "  v^: $v@\n") + "  v0: $v1\n")
lines("vars that need themselves", f"layers: [{X}]\nvars:\n", "  v@: $v@\n")
lines("vars that hold", f"layers: [{X}]\nvars:\n  v0: 1\n", "  v@: [$v^]\n")
lines("vars that hold in maps", f"layers: [{X}]\nvars:\n  v0: 1\n", "  v@: {a: $v^}\n")
lines(
    "vars that hold and are printed", "vars:\n  v0: 1\n", "  v@: [$v^]\n", end="layers: [{type: Input, shape: $v100}]\n"
)
kind(
    "vars that lead and hold", lambda size: many(size - 60, f"layers: [{X}]\nvars:\n", "  v^: [$v@]\n") + "  last: 1\n"
)
lines("vars that hold in expressions", f"layers: [{X}]\nvars:\n  v0: 1\n", '  v@: "$([v^])"\n')
lines("vars that compare", f"layers: [{X}]\nvars:\n  v0: [1]\n", '  v@: "$([v^] == [v^])"\n')
lines("vars that count", f"layers: [{X}]\nvars:\n  v0: 1\n", "  v@: $(v^ + 1)\n")
lines("unknown values", f"layers: [{X}]\nvars:\n", "  v@: $w@\n")
lines("names to freeze", f"layers: [{X}, {{type: Dense, name: d, units: 3, repeat: 100}}]\nfreeze:\n", "  - d_@\n")
lines(
    "layers that freeze names",
    f"freeze: ['*9*', 'n?*', '*']\nlayers:\n  - {X}\n",
    "  - {type: Dense, name: n_@, units: 3}\n",
)
lines("misspelt values", f"layers: [{X}]\nvars:\n", "  value_@: $(valeu_@ + 1)\n")
lines("ranges", f"layers: [{X}]\nvars:\n", "  v@: $(range(10000))\n")
lines("ranges in lists", f"layers: [{X}]\nvars:\n  r: $(range(10000))\n", "  v@: [$r]\n")
lines("long texts", f"layers: [{X}]\nvars:\n  t: {'a' * 9000}\n", "  v@: $(t)\n")
lines("long texts filled in", f"layers: [{X}]\nvars:\n  t: {'a' * 9000}\n", "  v@: -$(t)\n")
lines("long texts joined", f"layers: [{X}]\nvars:\n  t: {'a' * 9000}\n", "  v@: $(t + '@')\n")
lines("lists repeated", f"layers: [{X}]\nvars:\n", "  v@: $([1] * 9999)\n")
lines("lists joined", f"layers: [{X}]\nvars:\n  r: $(range(5000))\n", "  v@: $(r + r)\n")
lines("lists searched", f"layers: [{X}]\nvars:\n  r: $(range(9999))\n", "  v@: $(-1 in r)\n")
lines("lists compared", f"layers: [{X}]\nvars:\n  r: $(range(9999))\n  s: $(range(9999))\n", "  v@: $(r == s)\n")
lines("lists measured", f"layers: [{X}]\nvars:\n  r: $(range(9999))\n", "  v@: $(max(r) + len(r))\n")
lines(
    "lists computed of nothing",
    f"layers: [{X}]\nvars:\n  r: $(range(9999))\n",
    "  v@: $([0 for a in r for b in r if b < 0])\n",
)
lines("lists sliced", f"layers: [{X}]\nvars:\n  r: $(range(9999))\n", "  v@: $(r[::-1])\n")
lines("lists in lists computed", f"layers: [{X}]\nvars:\n  r: $(range(99))\n", "  v@: $([[a for a in r] for b in r])\n")
lines("vars with descriptions", f"layers: [{X}]\nvars:\n  v0: 1\n", "  v@: {default: $(v^ + 1), description: v@}\n")
lines("powers", f"layers: [{X}]\nvars:\n", "  v@: $(2**62 % @)\n")
lines("roots of negative numbers", f"layers: [{X}]\nvars:\n", "  v@: $((-8) ** 0.5)\n")
lines("divisions by zero", f"layers: [{X}]\nvars:\n", "  v@: $(@ / 0)\n")
lines("incomplete expressions", f"layers: [{X}]\nvars:\n", "  v@: $(@ +)\n")
lines("open expressions", f"layers: [{X}]\nvars:\n", "  v@: $(@\n")
lines("attributes", f"layers: [{X}]\nvars:\n", "  v@: $(v@.a)\n")
one("a long expression", f"layers: [{X}]\nvars: {{v: $(1", "+1", ")}")
one("a deep expression", f"layers: [{X}]\nvars: {{v: $(", "(", ")}")
lines("deep expressions", f"layers: [{X}]\nvars:\n", f"  v@: $({'(' * 150}@{')' * 150})\n")
lines("deep lists in expressions", f"layers: [{X}]\nvars:\n", f'  v@: "$({"[" * 90}@{"]" * 90})"\n')
lines("signs in expressions", f"layers: [{X}]\nvars:\n", f"  v@: $({'-' * 900}@)\n")
one("expressions in a text", f"layers: [{X}]\nvars: {{v: a", "$(1)", "}")
listed("formulas in a list", f"layers: [{X}]\nvars: {{v: [", "$(@+1)", "]}")
listed("formulas in a text", f'layers: [{X}]\nvars: {{v: "', "$(@+1)", '"}')
lines(
    "counts that are computed",
    f"blocks: {{b: {{inputs: [x], layers: [{{type: ReLU, name: r}}], outputs: [r]}}}}\nlayers:\n- {X}\n",
    "- {type: b, repeat: $(len(range(9999)) - 9998)}\n",
)
one("dollars", f"layers: [{X}]\nvars: {{v: ", "$", "}")
one("dollars and brackets", f"layers: [{X}]\nvars: {{v: ", "$(", "}")
one("dollars, brackets and quotes", f"layers: [{X}]\nvars: {{v: ", "$('", "}")
one("dollars before a name", f"layers: [{X}]\nvars: {{v: 1, w: a", "$v ", "}")
listed("values in a list", f"layers: [{X}]\nvars: {{v: 1, w: [", "$v", "]}")
listed("values in a map", f"layers: [{X}]\nvars: {{v: 1, w: {{", "k@: $v", "}}")
listed("wrong values in a list", f"layers: [{X}]\nvars: {{v: 1, w: [", "$u", "]}")
DENSE = f"layers: [{X}, {{type: Dense, units: 1, kernel_initializer: {{type: Constant, value: $a@}}}}]"
doubling("lists of lists", "[1, 1]", f"[{TENFOLD}]", DENSE)
doubling("lists of lists in a shape", "[1, 1]", f"[{TENFOLD}]", "layers: [{type: Input, shape: $a@}]")
doubling("lists of lists, measured", "[1, 1]", f"[{TENFOLD}]", f"layers: [{X}, {{type: Dense, units: $(len(a@))}}]")
doubling(
    "lists of lists, compared",
    "[1, 1]",
    f"[{TENFOLD}]",
    f'layers: [{X}, {{type: Dense, units: "$(1 if a@ == [a@][0] else 2)"}}]',
)
doubling("lists of lists, nobody's", "[1, 1]", f"[{TENFOLD}]", f"layers: [{X}]")
doubling("lists that double", "[1, 1]", "$(a^ + a^)", f"layers: [{X}]")
doubling("lists that double inside", "[1, 1]", '"$([a^, a^])"', f"layers: [{X}]")
doubling("maps of maps", "{a: 1}", "{a: $a^, b: $a^}", DENSE, 60)
doubling(
    "maps of maps as an initializer",
    "{a: 1}",
    "{a: $a^, b: $a^}",
    f"layers: [{X}, {{type: Dense, units: 1, kernel_initializer: $a@}}]",
    60,
)
doubling("maps of maps in expect", "{a: 1}", "{a: $a^, b: $a^}", f"layers: [{X}, ReLU]\nexpect: $a@", 60)
doubling("maps of maps in compile", "{a: 1}", "{a: $a^, b: $a^}", f"layers: [{X}, ReLU]\ncompile: {{loss: $a@}}", 60)
doubling(
    "texts in texts", "'0123456789'", '"' + "$(a^)" * 10 + '"', f"layers: [{X}, {{type: Dense, units: 3, name: $a@}}]"
)
doubling("texts that double", "'0123456789'", "$(a^ + a^)", f"layers: [{X}, {{type: Dense, units: 3, name: $a@}}]")
doubling("aliases of aliases", "&a0 [1, 1]", f"&a@ [{TENFOLD.replace('$', '*')}]", f"layers: [{X}]")
doubling(
    "aliases of aliases up to the limit",
    "&a0 [1, 1]",
    f"&a@ [{TENFOLD.replace('$', '*')}]",
    f"layers: [{X}, {{type: Dense, units: $a@}}]",
    6,
)
doubling(
    "aliases in a shape", "&a0 [1, 1]", f"&a@ [{TENFOLD.replace('$', '*')}]", "layers: [{type: Input, shape: *a@}]", 5
)
doubling("aliases of maps", "&a0 {a: 1}", "&a@ {a: *a^, b: *a^, c: $(1)}", f"layers: [{X}]", 21)
doubling("numbers that grow", "2", "$(a^ * a^)", f"layers: [{X}]")
lines("aliases of one list", f"vars:\n  v: &a [{', '.join(['1'] * 1000)}]\n  w:\n", "  - *a\n", end=f"layers: [{X}]")
lines(
    "aliases of one expression",
    "vars:\n  u: 1\n  v: &a [" + ", ".join(["$u"] * 100) + "]\n  w:\n",
    "  - *a\n",
    end=f"layers: [{X}]",
)
lines("aliases of one item", f"layers:\n- {X}\n- &a {{type: Dense, units: 3, activation: relu}}\n", "- *a\n")
lines("set values", f"layers: [{X}]\nvars: {{v: 1}}\nvariants:\n", "  v@: {v: $(1 + @)}\n")
lines("set unknown values", f"layers: [{X}]\nvars: {{v: 1}}\nvariants:\n", "  v@: {w: 1}\n")
listed("one variant", f"layers: [{X}]\nvars: {{v: 1}}\nvariants: {{a: {{", "w@: 1", "}}")
lines(
    "variants of many vars",
    f"layers: [{X}]\nvars:\n" + "".join(f"  v{n}: 1\n" for n in range(500)) + "variants:\n",
    "  v@: {v1: $v2}\n",
)
lines("unknown defaults", f"layers: [{X}]\ndefaults:\n", "  D@: {a: 1}\n")
listed("unknown arguments of defaults", f"layers: [{X}]\ndefaults: {{Dense: {{", "a@: 1", "}}")
lines("defaults used", f"defaults: {{Dense: {{units: 3, activation: relu}}}}\nlayers:\n- {X}\n", "- Dense\n")
