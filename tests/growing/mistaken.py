"""What is meant otherwise, and what looks alike."""

from __future__ import annotations

from tests.growing.repeating import TENFOLD, X, doubling, kind, lines, listed, many, one

LONG = "a" * 180
IMAGE = "{type: Input, name: x, shape: [8, 8, 3]}"
one("spaces after JSON", '{"layers": []}', " ", "")
one("blank lines in json", '{"layers": [', "\n", "]}")
one("blank lines alone", "", "\n", "a")
one("comments of xml", "", "<!---->", "a")
one("docstrings", "", '"""a"""\n', "x")
kind(
    "blank lines below deep maps",
    lambda size: "".join(f"{' ' * n}a:\n" for n in range(90)) + f"{' ' * 90}b: 1\n" + "\n" * (size - 5000),
)
kind(
    "anchors above unknown aliases",
    lambda size: many(size - 2000, "layers:\n", "- &a@ b\n") + "".join(f"- *b{n}\n" for n in range(100)),
)
one("a number of many digits", "layers: [{type: Dense, units: 1", "0", "}]")
one("a number of many digits in json", '{"layers": [{"type": "Dense", "units": 1', "0", "}]}")
lines("calls", "layers:\n", "- Dense(@)\n")
lines("calls by keys", "layers:\n", "- Dense(units: @, activation: relu)\n")
lines("lines of python", "layers:\n", "- x = Dense(@)(x)\n")
lines("a program", "", "x = Dense(@)(x)\n")
lines("tuples", "layers:\n", "- {type: Input, shape: (3, @)}\n")
lines("decimal commas", f"layers:\n- {X}\n", "- {type: Dropout, rate: 0,5}\n")
lines("decimal commas without a digit", f"layers:\n- {X}\n", "- {type: Dropout, rate: ,5}\n")
lines("bullets", "layers:\n", "* Dense\n")
lines("numbered entries", "layers:\n", "@. Dense\n")
lines("dashes without spaces", "layers:\n", "-Dense\n")
lines("keys without colons", "layers:\n", "- type Dense\n")
lines("commas at the end", "layers:\n", "- {type: Dense},\n")
lines("comments of other languages", "layers:\n", "- Dense // @\n")
lines("templates", "layers:\n", "- {type: Dense, units: ${u@}}\n")
lines("commands of templates", "layers:\n", "{% for i in x@ %}\n- Dense\n")
lines("curly quotes", "layers:\n", "- {type: \u201cDense\u201d}\n")
lines("keys of layers", "layers:\n", "- Dense: {units: @}\n")
lines("layers by name", "layers:\n", "  d@: {type: Dense, units: 1}\n")
listed("arrows", f"layers: [{X}]\nedges: [", '"a@ -> b@"', "]")
listed("words of python in json", '{"layers": [', "None", "]}")
listed("bare keys in json", '{"layers": [', "{a: 1}", "]}")
listed("comments in json", '{"layers": [', "1 // a\n", "]}")
listed("tuples in json", '{"layers": [', "(3,)", "]}")
lines("older names", f"layers:\n- {X}\n", "- {type: Linear, in_features: @, out_features: 3}\n")
lines("long names that miss", f"layers:\n- {X}\n", f"- {{type: ReLU, name: {LONG}@, from: {LONG}b^}}\n")
lines("long arguments that miss", f"layers:\n- {X}\n", f"- {{type: ReLU, {'negative_slop' * 12}@: 1}}\n")
lines("long values that miss", f"layers: [{X}]\nvars:\n", f"  {LONG}@: $({LONG}w@)\n")
lines("names that almost are", f"layers:\n- {X}\n", "- {type: ReLU, name: block_of_layers_@, from: blok_of_layers_^}\n")
listed("allowed warnings", f"layers: [{X}, ReLU]\nallow: [", "unused-var", "]")
listed("allowed nonsense", f"layers: [{X}, ReLU]\nallow: [", "a@", "]")
lines("layers that allow", f"layers:\n- {X}\n", "- {type: ReLU, allow: [unused-var]}\n")
lines(
    "copies side by side of few",
    f"layers:\n- {X}\n",
    "- {type: ReLU, name: a@, from: x, each: {i: [1, 2], j: [3, 4]}}\n",
)
lines("layers that may be absent", f"layers:\n- {X}\n", "- {type: ReLU, when: $(@ > 30)}\n")
lines("names that are computed", f"layers:\n- {X}\n", "- {type: ReLU, name: a_$(@ + 1)}\n")
lines(
    "initializers",
    f"layers:\n- {X}\n",
    "- {type: Dense, units: 3, kernel_initializer: {type: RandomNormal, stddev: 0.@}}\n",
)
lines("convolutions", f"layers:\n- {IMAGE}\n", "- {type: Conv2D, filters: 3, kernel_size: 3, padding: same}\n")
lines("convolutions that end", f"layers:\n- {IMAGE}\n", "- {type: Conv2D, filters: 3, kernel_size: 3}\n")
lines(
    "attention",
    "layers:\n- {type: Input, name: x, shape: [4, 8]}\n",
    "- {type: MultiHeadAttention, num_heads: 2, key_dim: 4, from: [x, x]}\n",
)
lines(
    "inputs beside joins",
    "layers:\n",
    "- {type: Input, name: a@, shape: [3]}\n- {type: Input, name: b@, shape: [3]}\n- Add\n",
)
lines(
    "attention without values", f"layers:\n- {X}\n", "- {type: MultiHeadAttention, num_heads: 2, key_dim: 4, from: x}\n"
)
lines("huge inputs", "layers:\n", "- {type: Input, name: x@, shape: [2147483647, 2147483647, 2147483647]}\n")
lines("huge layers", f"layers:\n- {X}\n", "- {type: Dense, units: 2147483647}\n")
lines("huge flat layers", "layers:\n- {type: Input, shape: [2147483647, 2147483647]}\n", "- Flatten\n")
lines("huge repetitions", f"layers:\n- {X}\n", "- {type: ReLU, repeat: 9223372036854775807}\n")
lines("huge products", f"layers:\n- {X}\n", "- {type: ReLU, from: x, each: {i: $(range(10000)), j: $(range(10000))}}\n")
doubling(
    "copies of values that grow",
    "[1, 1]",
    f"[{TENFOLD}]",
    f"layers: [{X}, {{type: ReLU, from: x, each: {{i: $a@}}}}]",
)
