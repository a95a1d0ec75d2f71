"""`specc layers`."""

from __future__ import annotations

from tests.support.command import specc


def test_another_name_of_a_layer_that_keras_has_for_something_else() -> None:
    """PyTorch's layer Linear is Dense; Keras has an activation of that name."""
    shown = specc("layers", "Linear").out
    assert shown.startswith("linear: an activation\n")
    assert shown.endswith("\nThe layer that others call Linear is Dense: 'specc layers Dense' describes it.\n")


def test_layers() -> None:
    listed = specc("layers", "--format", "json").objects()
    (dense,) = specc("layers", "Dense", "--format", "json").objects()
    assert dense in listed
    assert dense["arguments"][0] == {
        "name": "units",
        "description": "The size of the output's last axis",
        "value": "a positive integer",
        "required": True,
        "default": None,
    }
    assert {
        "layer",
        "operation",
        "optimizer",
        "loss",
        "metric",
        "initializer",
        "regularizer",
        "constraint",
        "activation",
        "schedule",
    } == {it["kind"] for it in listed}
    assert [it["kind"] for it in specc("layers", "softmax", "--format", "json").objects()] == ["activation", "layer"]


def test_layers_describes_objects() -> None:
    shown = specc("layers", "adam").out
    assert shown.startswith("Adam: an optimizer\n")
    assert "  learning_rate " in shown
    wrong = specc("layers", "adma", "--format", "json")
    assert (wrong.code, wrong.out) == (2, "")
    assert "did you mean 'Adam'?" in wrong.err
