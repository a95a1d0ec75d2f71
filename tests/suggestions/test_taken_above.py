"""An item that took what is directly above it, where another one was meant."""

from __future__ import annotations

from tests.support.helps import fixed_by, helps

BRANCHES = """
    layers:
      - {type: Input, name: image, shape: [16, 16, 3]}
      - {type: Conv2D, name: features, filters: 4, kernel_size: 3}
      - {type: Input, name: age, shape: [1]}
      - {type: Conv2D, name: more, filters: 4, kernel_size: 3}
      - {type: Flatten, name: flat}
      - {type: Concatenate, name: both, from: [flat, age]}
"""
MEANT = "'more' takes 'age' because that is directly above it; write from: features if that is meant"


def test_the_nearest_item_that_can_be_taken() -> None:
    assert helps(BRANCHES) == [MEANT]
    assert fixed_by(BRANCHES, ("name: more,", "name: more, from: features,"))


def test_none_where_no_item_can_be_taken() -> None:
    small = BRANCHES.replace("shape: [16, 16, 3]", "shape: [2, 3, 3]").replace("kernel_size: 3}", "kernel_size: 2}", 1)
    assert helps(small) == ["a Reshape layer can add the 2 missing axes"]


def test_what_is_written_is_meant() -> None:
    written = BRANCHES.replace("name: more,", "name: more, from: age,")
    assert helps(written) == ["a Reshape layer can add the 2 missing axes"]


def test_a_chain_has_no_other_branch() -> None:
    chain = """
        layers:
          - {type: Input, name: rows, shape: [16, 4]}
          - {type: GlobalAveragePooling1D, name: pooled}
          - {type: LSTM, name: short, units: 4}
    """
    assert helps(chain) == ["give each example a time axis, the first after the batch axis"]
    branch = chain.replace("name: pooled}", "name: pooled, from: rows}")
    assert helps(branch) == [
        "'short' takes 'pooled' because that is directly above it; write from: rows if that is meant"
    ]
