"""What is said of names in ``freeze`` that nothing has, or nothing that could be frozen."""

from __future__ import annotations

import pytest

from tests.passes.expansion.test_freeze_patterns import NET
from tests.support.checking import told


@pytest.mark.parametrize(("freeze", "expected"), [
    ("[stme]", 'freeze: there is no layer "stme" | did you mean \'stem\'?'),
    ("[s_3]", "freeze: there is no layer \"s_3\" | 's' has 2 copies, of which the last is 's_2'"),
    ("['s[2]']", 'freeze: there is no layer "s[2]" | \'s\' has 2 copies, of which the last is \'s_2\''),
    ("['q*']", 'freeze: no layer has a name like "q*" | names here: stem, s_1, s_2, s, o, o.in, o.out, kept, t, head, ...'),
    ("['kpet.*']", "freeze: no layer has a name like \"kpet.*\" | did you mean 'kept'?"),
    ("[again]", "freeze: 'again' only calls 'o' again | write o, for all its calls"),
    ("['again.*']", 'freeze: no layer has a name like "again.*" | names here: stem, s_1, s_2, s, o, o.in, o.out, kept, t, head, ...'),
    ("[dense]", "freeze: there is no layer \"dense\" | 'dense' is an automatic name; give the layer the name itself to refer to it"),
    ("[x]", "freeze: 'x' (Input) has no weights | remove it"),
    ("[o.again]", "freeze: there is no layer \"o.again\" | names here: stem, s_1, s_2, s, o, o.in, o.out, kept, t, head, ..."),
    ("[a, '']", 'freeze must be a list of names, not ["a", ""] | write [stem, stage1*]: * stands for any characters'),
    ("[3]", "freeze must be a list of names or an expression, not [3] | quote it: \"3\""),
    ("[head]", "'head' (Dense) has trainable: true, and 'freeze' names it | remove one of the two; a pattern with * leaves an item alone that sets trainable"),
    (f"[{'a' * 1001}]", "freeze has a name of more than 1,000 characters | use *"),
    (f"[{', '.join(['*a'] * 1001)}]".replace("*a", "'*a'"), "freeze has more than 1,000 patterns | use fewer, or names"),
    ("[$nothing]", 'there is no value "nothing" | values here: deep, frozen, none'),
])  # fmt: skip
def test_what_cannot_be_frozen(freeze: str, expected: str) -> None:
    assert [line.split(": ", 1)[1] for line in told(NET.format(freeze=freeze))] == [expected]
