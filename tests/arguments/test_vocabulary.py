"""The table of other people's names: what it tells to write exists, and what it translates is no name of today."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from specc import layers, objects
from specc.arguments import Arguments, vocabulary
from specc.arguments.names import meant, unknown_argument
from specc.arguments.values import takes
from specc.arguments.vocabulary import Word
from specc.diagnostics.problem import ProblemsError
from specc.diagnostics.suggest import fold
from specc.frontend.items import Item
from specc.frontend.references import Edge
from specc.frontend.schema import Block, BlockFile, Spec
from specc.passes.expect import KEYS
from specc.reading.yaml_reader import load
from specc.training import Training

ROWS = list(dict.fromkeys(row for by_name in vocabulary.table().values() for rows in by_name.values() for row in rows))
PARTS: dict[str, type[Arguments]] = {cls.__name__: cls for cls in (Spec, BlockFile, Block, Edge, Item, Training)}


def rows(*kinds: str) -> list[Any]:
    return [pytest.param(row, id=f"{row.names[0]}->{row.write}") for row in ROWS if row.kind in kinds]


def test_every_row_is_of_a_kind_that_is_looked_up() -> None:
    arguments = {f"{kind} argument" for kind in objects.MODULES}
    assert {row.kind for row in ROWS} <= {
        "layer",
        "operation",
        "call",
        "argument",
        "value",
        "inside",
        "key",
        *objects.MODULES,
    } | arguments
    assert len(ROWS) > 500


@pytest.mark.parametrize("row", rows("layer", "operation"))
def test_types(row: Word) -> None:
    target = load(row.write) if row.write else None
    given = {"type": target} if isinstance(target, str) else target or {"type": "Identity"}
    cls = layers.find(given["type"])
    assert cls is not None
    _, problems = cls.parse({key: item for key, item in given.items() if key != "type"})
    assert [problem for problem in problems if problem.code != "missing-argument"] == []
    prefix = "ops." if row.kind == "operation" else ""
    today = {fold(name) for name in (*layers.names(), *layers.ALIASES, *layers.REFUSED)}
    assert not today & {fold(prefix + name) for name in row.names}


@pytest.mark.parametrize("row", rows(*objects.MODULES))
def test_objects(row: Word) -> None:
    if row.write:
        try:
            objects.parse(row.kind, load(row.write))
        except ProblemsError as error:
            assert all(problem.code == "missing-argument" for problem in error.problems), error
    assert not {fold(name) for name in objects.spellings(row.kind)} & {fold(name) for name in row.names}


def classes(row: Word) -> Iterator[type[Arguments]]:
    """The classes that a row about an argument is about."""
    kind = row.kind.removesuffix(" argument")
    names = layers.names() if kind == "argument" else objects.main_names(kind)
    for name in names:
        cls = layers.find(name) if kind == "argument" else objects.find(kind, name)
        assert cls is not None
        if row.is_about(cls.keras_name()) and (not row.write or row.write in cls.argument_fields()):
            yield cls


@pytest.mark.parametrize("row", rows("argument", *(f"{kind} argument" for kind in objects.MODULES)))
def test_arguments(row: Word) -> None:
    """Each name leads from some class, which does not have it, to this row's help."""
    about = list(classes(row))
    for name in row.names:
        helps = [
            unknown_argument(cls, name, {name: 0.5}).help
            for cls in about
            if name not in cls.argument_fields() and name not in cls.refused
        ]
        assert row.help(name, 0.5) in helps, name


@pytest.mark.parametrize("row", rows("key"))
def test_keys(row: Word) -> None:
    assert row.of
    for part in row.of:
        fields = KEYS if part == "Expect" else list(PARTS[part].argument_fields())
        assert not row.write or row.write in fields
        assert not {fold(field) for field in fields} & {fold(name) for name in row.names}
        assert all(vocabulary.first("key", name, part) == row for name in row.names)


@pytest.mark.parametrize("row", rows("value"))
def test_values(row: Word) -> None:
    for argument in row.of:
        having: list[Any] = [
            cls for name in layers.names() if (cls := layers.find(name)) and argument in cls.argument_fields()
        ]
        losses = filter(None, (objects.find("loss", name) for name in objects.main_names("loss")))
        classes = [cls for cls in (*having, *losses) if argument in cls.argument_fields()]
        assert argument == "dtype_policy" or any(takes(cls, argument, row.write) for cls in classes)
        assert all(vocabulary.first("value", name, argument) == row for name in row.names)


@pytest.mark.parametrize("row", rows("inside", "call"))
def test_rows_about_how_classes_are_made(row: Word) -> None:
    from specc.arguments.kinds import layer_type

    for name in row.names:
        cls = layers.find(layer_type(name) or "")
        assert cls is not None, name
        first, *rest = row.write.split()
        if row.kind == "inside":
            assert first in cls.argument_fields()
            assert all(layers.find(kind) is not None for kind in rest)
        else:
            assert {first, *rest} - {"-"} <= cls.argument_fields().keys()


@pytest.mark.parametrize(("written", "help"), [
    ("Linear", "write Dense, which PyTorch calls Linear"),
    ("nn.Linear", "write Dense, which PyTorch calls Linear"),
    ("BatchNorm2d", "write BatchNormalization, which PyTorch calls BatchNorm2d; its momentum is 1 less PyTorch's"),
    ("Deconvolution2D", "write Conv2DTranspose, which Keras 1 calls Deconvolution2D"),
    ("Conv2d", "did you mean 'Conv2D'?"),
    ("keras.layers.Dense", "did you mean 'Dense'?"),
    ("GELU", "write {type: Activation, activation: gelu}"),
    ("sigmoid", "write {type: Activation, activation: sigmoid}"),
    ("MatMul", "write ops.matmul"),
    ("tf.nn.softmax", "write ops.softmax"),
    ("tf.reduce_mean", "write ops.mean, which TensorFlow calls reduce_mean"),
    ("ops.gather", "write ops.take, which TensorFlow calls gather"),
    ("ops.concat", "write ops.concatenate"),
    ("Upsample", "write UpSampling2D; scale_factor is size; or UpSampling1D, UpSampling3D; to a given size: Resizing"),
    ("InstanceNormalization", "write {type: GroupNormalization, groups: -1}; one group for each channel"),
    ("adam", '"adam" is an optimizer: it goes under \'compile\', as in compile: {optimizer: ...}'),
    ("he_normal", '"he_normal" is an initializer: it is an argument of a layer'),
    ("Dense(10)", "write {type: Dense, units: 10}"),
    ("layers.Dense(units=10, activation='relu')", "write {type: Dense, units: 10, activation: relu}"),
    ("nn.Conv2d(3, 64, kernel_size=(3, 3), bias=False)", "write {type: Conv2D, filters: 64, kernel_size: [3, 3], use_bias: false}"),
    ("Conv2D(32, 3, kernel_regularizer=l2(0.01))", "write {type: Conv2D, filters: 32, kernel_size: 3, kernel_regularizer: {type: l2, l2: 0.01}}"),
    ("Dense(10)(x)", "write {type: Dense, units: 10, from: x}"),
    ("Bidirectional(LSTM(8))", "write {type: Bidirectional, layer: {type: LSTM, units: 8}}"),
    ("lambda x: x * 2", "a spec holds no code; write an operation (type: ops.NAME), or a layer class in a plugin"),
])  # fmt: skip
def test_help_for_types(written: str, help: str) -> None:
    assert layers.unknown(written).help == help


@pytest.mark.parametrize(("kind", "written", "help"), [
    ("initializer", "he_norml", "did you mean 'he_normal'?"),
    ("initializer", "HeNorml", "did you mean 'HeNormal'?"),
    ("initializer", "xavier_uniform", "write glorot_uniform, which PyTorch calls xavier_uniform"),
    ("loss", "CrossEntropyLoss", "write {type: SparseCategoricalCrossentropy, from_logits: true}, which PyTorch calls CrossEntropyLoss; behind a softmax: sparse_categorical_crossentropy"),
    ("loss", "mean_square_error", "write mse"),
    ("metric", "f1", "write F1Score"),
    ("optimizer", "Adam(0.01)", "write {type: Adam, learning_rate: 0.01}"),
    ("optimizer", "keras.optimizers.SGD(lr=0.1, momentum=0.9)", "write {type: SGD, learning_rate: 0.1, momentum: 0.9}"),
    ("activation", "tf.nn.relu", "write relu"),
    ("schedule", "0.1", "write 0.1 without quotes"),
])  # fmt: skip
def test_help_for_objects(kind: str, written: str, help: str) -> None:
    assert objects.unknown(kind, written).help == help


@pytest.mark.parametrize(("layer", "name", "value", "help"), [
    ("Dense", "W_regularizer", "l2", "write kernel_regularizer, which Keras 1 calls W_regularizer"),
    ("Dense", "W_constraint", "unit_norm", "write kernel_constraint, which Keras 1 calls W_constraint"),
    ("Embedding", "W_constraint", "unit_norm", "write embeddings_constraint, which Keras 1 calls W_constraint"),
    ("Dense", "init", "uniform", "write kernel_initializer, which Keras 1 calls init"),
    ("LSTM", "inner_activation", "sigmoid", "write recurrent_activation, which Keras 1 calls inner_activation"),
    ("LSTM", "dropout_U", 0.1, "write recurrent_dropout, which Keras 1 calls dropout_U"),
    ("Dense", "output_dim", 3, "write units, which Keras 1 calls output_dim"),
    ("Conv2D", "border_mode", "same", "write padding, which Keras 1 calls border_mode"),
    ("Conv2D", "subsample", [2, 2], "write strides, which Keras 1 calls subsample"),
    ("Dropout", "p", 0.5, "write rate, which Keras 1 calls p"),
    ("Dense", "input_shape", [3], "an Input item above has the shape: {type: Input, shape: [3]}"),
    ("Dense", "input_dim", 3, "an Input item above has the shape: {type: Input, shape: [3]}"),
    ("LSTM", "input_dim", 3, "an Input item above has the shape: {type: Input, shape: [null, 3]}"),
    ("Dense", "batch_input_shape", [16, 3], "an Input item above has the shape, without the batch axis: {type: Input, shape: [3]}"),
    ("Dense", "optimizer", "adam", "it goes under the spec's own 'compile', as in compile: {optimizer: adam, loss: mse}"),
    ("Dense", "outputs", ["y"], "'outputs' is a key of the spec itself: write it beside 'layers'"),
    ("LSTM", "from", "x", "'from' is a key of an item; it has no place at a layer inside another"),
    ("Dense", "input", "x", "write from"),
    ("Bidirectional", "units", 8, "it is an argument of the layer inside: write layer: {type: LSTM, units: 8}"),
    ("TimeDistributed", "filters", 8, "it is an argument of the layer inside: write layer: {type: Conv2D, filters: 8}"),
    ("RNN", "units", 8, "it is an argument of the layer inside: write cell: {type: LSTMCell, units: 8}"),
])  # fmt: skip
def test_help_for_arguments(layer: str, name: str, value: Any, help: str) -> None:
    cls = layers.find(layer)
    assert cls is not None
    assert unknown_argument(cls, name, {name: value}).help == help


def test_an_argument_of_the_layer_inside() -> None:
    cls = layers.find("Bidirectional")
    assert cls is not None
    given = {"layer": {"type": "LSTM", "units": 4}, "return_sequences": True}
    help = "it is an argument of the layer inside: write layer: {type: LSTM, units: 4, return_sequences: true}"
    assert unknown_argument(cls, "return_sequences", given).help == help


def test_what_an_older_name_gives_is_not_missing() -> None:
    cls = layers.find("Dense")
    assert cls is not None
    _, problems = cls.parse({"output_dim": 3})
    assert [problem.code for problem in problems] == ["unknown-argument"]
    assert meant(cls, "output_dim") == meant(cls, "unit") == "units"
