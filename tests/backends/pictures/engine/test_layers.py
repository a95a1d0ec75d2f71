"""Members and bends rank by rank, and the pieces of each arrow."""

from __future__ import annotations

from typing import Any

from tests.support.engine import js

CODE = """(() => {
  const { ranks, ways } = makeLayers(members, edges);
  const name = (vertex) => vertex.member?.id ?? "bend";
  return {
    ranks: ranks.map((rank) => rank.map(name)),
    ways: edges.map((edge) => ways.get(edge).flatMap(({ tail, head }, index) => (index ? [name(head)] : [name(tail), name(head)]))),
    joined: edges.every((edge) => ways.get(edge).every((piece, index, all) => !index || all[index - 1].head === piece.tail)),
    strengths: ranks.flatMap((rank) => rank.flatMap(({ into }) => into.map((it) => `${name(it.tail)}-${name(it.head)} ${it.strength}`))),
  };
})()"""


def layers(letters: str, *arrows: str, bundle: str = "") -> Any:
    """The layers of members; arrows are pairs of letters, those into ``bundle`` share a line."""
    members = [{"id": letter, "flow": 10, "cross": 10} for letter in letters]
    pairs = [(arrow[0], arrow[1]) for arrow in arrows]
    edges = [{"tail": a, "head": b, "net": a, "bundle": b if b == bundle else ""} for a, b in pairs]
    return js(CODE, "layers", members=members, edges=edges)


def test_a_long_arrow_bends_in_each_rank_that_it_passes() -> None:
    found = layers("abcd", "ab", "bc", "cd", "ad")
    assert found["ways"][3] == ["a", "bend", "bend", "d"]
    assert found["joined"]
    assert [sorted(rank) for rank in found["ranks"]] == [["a"], ["b", "bend"], ["bend", "c"], ["d"]]


def test_arrows_of_one_net_share_their_bends() -> None:
    found = layers("abcd", "ab", "bc", "cd", "ac", "ad")
    assert sum(rank.count("bend") for rank in found["ranks"]) == 2
    assert found["ways"][3] == ["a", "bend", "c"]
    assert found["ways"][4] == ["a", "bend", "bend", "d"]


def test_arrows_of_a_bundle_share_their_bends() -> None:
    found = layers("abcd", "ab", "bc", "ad", "bd", "cd", bundle="d")
    assert sum(rank.count("bend") for rank in found["ranks"]) == 2
    assert found["ways"][2:] == [["a", "bend", "bend", "d"], ["b", "bend", "d"], ["c", "d"]]
    assert found["joined"]


def test_the_only_short_arrow_between_two_is_the_main_line() -> None:
    found = layers("abcd", "ab", "bc", "cd", "ad")
    assert {"a-b 2", "b-c 2", "c-d 2", "bend-bend 1", "a-bend 0", "bend-d 0"} == set(found["strengths"])


def test_the_main_line_goes_on_where_most_is_left_and_comes_from_furthest() -> None:
    found = layers("abcdsu", "ab", "as", "bc", "cd", "ud")
    assert {line for line in found["strengths"] if line.endswith("2")} == {"a-b 2", "b-c 2", "c-d 2"}


def test_equal_branches_have_no_main_line() -> None:
    found = layers("abcdef", "ab", "ac", "bd", "ce", "df", "ef")
    assert {line for line in found["strengths"] if line.endswith("2")} == {"b-d 2", "c-e 2"}
