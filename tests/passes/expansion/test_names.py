"""Names of items: unique in their scope, also beside copies, inputs of the block and automatic names."""

from __future__ import annotations

import pytest

from tests.support.checking import told
from tests.support.nodes import nodes

MADE = {
    "automatic names avoid those of copies": (
        """
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: Dense, name: dense, units: 1, repeat: 2}
          - {type: Dense, units: 1}
        """,
        [
            "x: Input  shape=(3,)",
            "dense_1: Dense  <- inputs: x  units=1",
            "dense_2: Dense  <- inputs: dense_1  units=1",
            "dense_3 (automatic): Dense  <- inputs: dense_2  units=1",
            "one of outputs: dense_3 = dense_3",
        ],
    ),
    "a name may be a value": (
        """
        vars: {part: head}
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: Dense, name: $part, units: 1}
          - {type: Dense, name: $(part + '_b'), units: 1, from: head}
        """,
        [
            "x: Input  shape=(3,)",
            "head: Dense  <- inputs: x  units=1",
            "head_b: Dense  <- inputs: head  units=1",
            "one of outputs: head_b = head_b",
        ],
    ),
    "copies with names of their own, in the file and in a block": (
        """
        vars: {columns: [age, job], both: {c: [a, b], n: [4, 3]}, no: []}
        blocks:
          towers:
            args: {names: null}
            inputs: [i]
            layers:
              - {type: Dense, name: "t_$(t)", units: 2, each: {t: $names}, from: i}
              - {type: ReLU, name: "r$(index)", repeat: 2, from: t_a}
              - {type: Concatenate, name: out, from: "$(['t_' + t for t in names] + ['r1'])"}
            outputs: [out]
        layers:
          - {type: Input, name: $c, shape: [1], each: {c: $columns}}
          - {type: Dense, name: emb_$(c), units: $n, each: $both, from: age}
          - {type: Dense, name: "x_$(f)", units: 1, repeat: {f: $no}, from: job}
          - {type: towers, name: "in_$(c)", names: [a, b], each: {c: $columns}, from: $c}
          - {share: emb_b, from: job}
          - {share: in_age, name: "again_$(c)", each: {c: $columns}, from: $c}
        """,
        [
            "age: Input  shape=(1,)",
            "job: Input  shape=(1,)",
            "emb_a: Dense  <- inputs: age  units=4",
            "emb_b: Dense  <- inputs: age  units=3",
            "in_age.t_a: Dense  <- inputs: age  units=2",
            "in_age.t_b: Dense  <- inputs: age  units=2",
            "in_age.r0: ReLU  <- inputs: in_age.t_a",
            "in_age.r1: ReLU  <- inputs: in_age.r0",
            "in_age.out: Concatenate  <- inputs: [in_age.t_a, in_age.t_b, in_age.r1]",
            "in_job.t_a: Dense  <- inputs: job  units=2",
            "in_job.t_b: Dense  <- inputs: job  units=2",
            "in_job.r0: ReLU  <- inputs: in_job.t_a",
            "in_job.r1: ReLU  <- inputs: in_job.r0",
            "in_job.out: Concatenate  <- inputs: [in_job.t_a, in_job.t_b, in_job.r1]",
            "emb_b_call (automatic): Dense  shares emb_b  <- inputs: job",
            "again_age.t_a: Dense  shares in_age.t_a  <- inputs: age",
            "again_age.t_b: Dense  shares in_age.t_b  <- inputs: age",
            "again_age.r0: ReLU  shares in_age.r0  <- inputs: again_age.t_a",
            "again_age.r1: ReLU  shares in_age.r1  <- inputs: again_age.r0",
            "again_age.out: Concatenate  shares in_age.out  <- inputs: [again_age.t_a, again_age.t_b, again_age.r1]",
            "again_job.t_a: Dense  shares in_age.t_a  <- inputs: job",
            "again_job.t_b: Dense  shares in_age.t_b  <- inputs: job",
            "again_job.r0: ReLU  shares in_age.r0  <- inputs: again_job.t_a",
            "again_job.r1: ReLU  shares in_age.r1  <- inputs: again_job.r0",
            "again_job.out: Concatenate  shares in_age.out  <- inputs: [again_job.t_a, again_job.t_b, again_job.r1]",
            "in_age: Identity  <- inputs: in_age.out",
            "in_job: Identity  <- inputs: in_job.out",
            "again_age: Identity  <- inputs: again_age.out",
            "again_job: Identity  <- inputs: again_job.out",
            "list of outputs: emb_a = emb_a, emb_b = emb_b, in_age = in_age, in_job = in_job, emb_b_call = emb_b_call, renamed, again_age = again_age, again_job = again_job",
        ],
    ),
    "a name in two blocks, and in any script": (
        """
        blocks:
          b: {inputs: [बिंदु], layers: [{type: Dense, name: हिन्दी, units: 1}], outputs: [हिन्दी]}
          c: {inputs: [i], layers: [{type: Dense, name: हिन्दी, units: 1}], outputs: [हिन्दी]}
        layers: [{type: Input, name: बिंदु, shape: [3]}, {type: b, name: u}, {type: c, name: v}]
        """,
        [
            "बिंदु: Input  shape=(3,)",
            "u.हिन्दी: Dense  <- inputs: बिंदु  units=1",
            "v.हिन्दी: Dense  <- inputs: u.हिन्दी  units=1",
            "v: Identity  <- inputs: v.हिन्दी",
            "one of outputs: v = v",
        ],
    ),
}


@pytest.mark.parametrize(("text", "made"), MADE.values(), ids=MADE)
def test_names_of_nodes(text: str, made: list[str]) -> None:
    assert nodes(text) == made


REFUSED = {
    "copies of one name, and names that are none": (
        """
        vars: {columns: [age, job, age], bad: [a/b, c]}
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: Dense, name: $c, units: 3, each: {c: $columns}, from: x}
          - {type: Dense, name: "d_$(c)", units: 3, each: {c: $bad}, from: x}
          - {type: Dense, name: $index, units: 3, repeat: 2, from: x}
          - {type: Dense, name: $colum, units: 3, each: {column: $columns}, from: x}
          - {type: Dense, name: job, units: 3, from: x}
        """,
        [
            "1:39 invalid-name: a name cannot contain \"/\", as \"d_a/b\" does | a name has letters, digits, '_' and '-'; for instance 'd_a_b'",
            "4:25 duplicate-name: the name 'age' of copy 3 is taken by copy 1 | names are unique in the spec's layers and in each block's; rename one of the two",
            "6:25 invalid-name: 0 is not a valid name | a name is a string; in an expression 'block_' + 'a' joins two",
            "7:25 unknown-value: there is no value \"colum\" | did you mean 'columns'?",
            "8:25 duplicate-name: the name 'job' is taken by another layer | names are unique in the spec's layers and in each block's; rename one of the two",
        ],
    ),
    "two items": (
        """
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: Dense, name: d, units: 1}
          - {type: Dense, name: d, units: 2}
        """,
        [
            "4:25 duplicate-name: the name 'd' is taken by another layer | names are unique in the spec's layers and in each block's; rename one of the two",
        ],
    ),
    "two that are alike: perhaps one layer is to be called twice": (
        """
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: Dense, name: d, units: 3}
          - {type: Dense, name: d, units: 3}
        """,
        [
            "4:25 duplicate-name: the name 'd' is taken by another layer | rename one of the two; to call the same layer again, write {share: d, name: d_again, from: ...}",
        ],
    ),
    "an item and a copy": (
        """
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: Dense, name: d_2, units: 3}
          - {type: Dense, name: d, units: 3, repeat: 2}
        """,
        [
            "4:25 duplicate-name: the name 'd_2' of a copy of 'd' is taken by another layer | names are unique in the spec's layers and in each block's; rename one of the two",
        ],
    ),
    "an item and an input of its block": (
        """
        blocks: {b: {inputs: [i], layers: [{type: ReLU, name: i}, {type: ReLU, name: r}], outputs: [r]}}
        layers: [{type: Input, name: x, shape: [3]}, {type: b, name: u}]
        """,
        [
            "1:55 duplicate-name: the name 'i' is taken by an input of the block | names are unique in the spec's layers and in each block's; rename one of the two",
        ],
    ),
    "a computed name that is none": (
        """
        vars: {part: a b}
        layers:
          - {type: Input, name: x, shape: [3]}
          - {type: Dense, name: $part, units: 1}
        """,
        [
            "1:14 invalid-name: a name cannot contain \" \", as \"a b\" does | a name has letters, digits, '_' and '-'; for instance 'a_b'",
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), REFUSED.values(), ids=REFUSED)
def test_refused(text: str, expected: list[str]) -> None:
    assert told(text) == expected
