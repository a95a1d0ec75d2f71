"""What check accepts predicts and trains one step, on two batches and two sizes of what is open, as it said."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

import specc
from specc.objects.activations import REFUSED
from tests.support.soundness import verdict


def problems(text: str) -> list[tuple[str, str | None]]:
    return [(found.code, found.help) for found in specc.check(specc.Spec.from_text(text))]


def on(shape: str, *items: str, dtype: str = "float32") -> str:
    return f"layers:\n  - {{type: Input, name: x, shape: {shape}, dtype: {dtype}}}\n" + "".join(
        f"  - {item}\n" for item in items
    )


DENSE = "{type: Dense, name: y, units: 1}"

RUNS = [
    on("[2, 3]", "{type: Hashing, num_bins: 5}", "{type: CategoryEncoding, num_tokens: 5, output_mode: one_hot}", dtype="int32"),
    on("[4]", "{type: Hashing, num_bins: 5, output_mode: one_hot}", dtype="int32"),
    on("[2, 3]", "{type: CategoryEncoding, num_tokens: 5, output_mode: count}", dtype="int32"),
    on("[3]", "{type: Hashing, num_bins: 5, output_mode: count, sparse: true}", DENSE, dtype="int32"),
    on("[1, 1]", "{type: Hashing, num_bins: 5, output_mode: one_hot}", dtype="string"),
    on("[]", "{type: TextVectorization, vocabulary: [a, b], output_mode: one_hot}", dtype="string"),
    on("[2, 3]", "{type: StringLookup, vocabulary: [p, q], output_mode: multi_hot}", dtype="string"),
    on("[]", "{type: TextVectorization, vocabulary: [a, b], output_mode: count}", DENSE, dtype="string"),
    on("[1]", "{type: TextVectorization, vocabulary: [a, b], output_mode: multi_hot}", dtype="string"),
    on("[4, 1]", "{type: Rescaling, scale: [1.0, 2.0]}"),
    on("[8, 8, 3]", "{type: RandomCrop, height: 5, width: 5}", "{type: CenterCrop, height: 5, width: 5}", "Flatten", DENSE),
    on("[8, 8, 3]", "{type: RandomCrop, height: 5, width: 5}", "GlobalAveragePooling2D", DENSE),
    on("[8, 8, 3]", "{type: Pipeline, layers: [{type: RandomCrop, height: 5, width: 9}]}"),
    on("[4]", "{type: RepeatVector, n: 2}", "{type: Cropping1D, cropping: [1, 0]}", "Flatten", "Identity",
       "{type: StringLookup, vocabulary: [p, q]}", dtype="string"),
    on("[null]", "{type: Embedding, input_dim: 9, output_dim: 4}", "GlobalMaxPooling1D", DENSE, dtype="int32"),
    on("[null, null, 3]", "{type: UpSampling2D, size: 2}", "{type: RandomShear, x_factor: [0.0, 0.1]}", "GlobalMaxPooling2D", DENSE),
    on("[3, 4]", "{type: RNN, cell: [{type: GRUCell, units: 3}, {type: LSTMCell, units: 2}]}"),
    on("[3, 4]", "{type: RNN, cell: {type: StackedRNNCells, dtype: float64, cells: [{type: GRUCell, units: 3, dtype: float64}]}}"),
    "dtype_policy: mixed_float16\n" + on("[4]", "{type: Dense, units: 2, kernel_regularizer: l2}", "{type: Softmax, dtype: float32}"),
]  # fmt: skip


@pytest.mark.parametrize("text", RUNS)
def test_what_is_accepted_runs(text: str) -> None:
    found, failure = verdict(yaml.safe_load(text))
    assert [diagnostic.message for diagnostic in found] == []
    assert failure == ""


REFUSALS: list[tuple[str, str]] = [
    (on("[2, 3]", "{type: CategoryEncoding, num_tokens: 5}", "Flatten", DENSE, dtype="int32"),
     "give it an input of shape (batch, n), or set output_mode to one_hot and put {type: ops.max, axis: -2} after it"),
    (on("[4]", "{type: Hashing, num_bins: 5, output_mode: one_hot}", "Flatten", DENSE, dtype="int32"),
     "remove output_mode, and put {type: CategoryEncoding, num_tokens: 5, output_mode: one_hot} after it"),
    (on("[2, 3]", "{type: Hashing, num_bins: 5, output_mode: multi_hot, sparse: true}", DENSE, dtype="int32"),
     "set 'sparse' to false"),
    (on("[3]", "{type: Hashing, num_bins: 3, output_mode: count, sparse: true}", "ReLU", dtype="string"),
     "remove 'sparse' from the Input or the layer that sets it"),
    (on("[null]", "{type: CategoryEncoding, num_tokens: 5, output_mode: one_hot}", dtype="int32"),
     "give the Input a number there, or use {type: ops.one_hot} instead"),
    (on("[1]", "{type: TextVectorization, vocabulary: [a], output_mode: tf_idf, idf_weights: [1.0]}", "GlobalAveragePooling1D", dtype="string"),
     "give the Input the shape []"),
    (on("[4, 1]", "{type: Rescaling, scale: [1.0, 2.0]}", DENSE), "give it one number, or as many as the last axis has"),
    (on("[8, 8, 3]", "{type: RandomCrop, height: 5, width: 5}", "Flatten", DENSE),
     "RandomCrop crops in training only: put {type: CenterCrop, height: 5, width: 5} after it"),
    (on("[null, null, 3]", "{type: RandomCrop, height: 5, width: 5}"),
     "give the Input's shape a height and a width, or put a Resizing layer before it"),
    (on("[null, 4]", "{type: AdaptiveMaxPooling1D, output_size: 2}"),
     "give the Input's shape numbers there, or use GlobalMaxPooling1D, which takes any size"),
    (on("[3, 4]", "{type: RNN, cell: [{type: GRUCell, units: 3}, {type: GRUCell, units: 3, dtype: float64}]}"),
     "give all cells the same dtype, or an RNN each"),
    (on("[3, 4]", "{type: RNN, cell: [{type: GRUCell, units: 3, dtype: float64}, {type: LSTMCell, units: 2, dtype: float64}]}"),
     "give the stack their dtype: {type: StackedRNNCells, dtype: float64, cells: [...]}"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "help"), REFUSALS)
def test_what_cannot_run_is_refused_with_the_mend(text: str, help: str) -> None:
    assert [found for _, found in problems(text)] == [help]


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("layer", ["{type: Dense, units: 4, activation: %s}", "{type: Activation, activation: %s}",
                                   "{type: Conv1D, filters: 4, kernel_size: 1, activation: %s}",
                                   "{type: LSTM, units: 4, recurrent_activation: %s}"])  # fmt: skip
def test_activations_that_change_a_shape_or_need_arguments(name: str, layer: str) -> None:
    ((code, help),) = problems(on("[3, 4]", layer % name))
    assert code == "refused-object"
    assert f"{{type: ops.{name}" in (help or "")


@pytest.mark.parametrize("option", ["", ", attention_axes: 2"])
def test_scores_have_the_axes_that_are_attended_over(option: str) -> None:
    arguments = f"name: o, num_heads: 4, key_dim: 2, from: {{query: x, value: x}}{option}"
    attention = f"{{type: MultiHeadAttention, {arguments}}}"
    text = on("[5, 12, 16]", attention)
    spec: dict[str, Any] = {**yaml.safe_load(text), "outputs": ["o", "o.scores"]}
    found, failure = verdict(spec)
    assert (found, failure) == ([], "")
    spec["layers"] += [{"type": "Flatten", "from": "o.scores"}, {"type": "Dense", "name": "y", "units": 1}]
    assert [found.code for found in specc.check({**spec, "outputs": ["o", "y"]})] == ["shape-mismatch"]


@pytest.mark.parametrize("policy", ["bfloat16", "float16", "mixed_float16", "mixed_bfloat16", "float64"])
@pytest.mark.parametrize("name", ["kernel_regularizer", "activity_regularizer"])
def test_penalties_of_another_dtype_than_the_loss(policy: str, name: str) -> None:
    spec = yaml.safe_load(on("[4]", f"{{type: Dense, name: y, units: 2, {name}: l2}}"))
    found, failure = verdict({"dtype_policy": policy, **spec})
    assert [diagnostic.code for diagnostic in found] == (["cannot-train"] if failure else [])
    assert bool(failure) == (name == "activity_regularizer" or not policy.startswith("mixed"))


@pytest.mark.parametrize("layer", [
    "{type: Discretization, bin_boundaries: [0.5], output_mode: one_hot}",
    "{type: CategoryEncoding, num_tokens: 3, output_mode: one_hot}",
    "{type: Pipeline, layers: [{type: RandomHue, factor: 0.1}]}",
    "{type: RandomColorJitter, saturation_factor: 0.2}",
    "{type: RandomColorJitter, contrast_factor: 0.2}",
])  # fmt: skip
def test_what_has_no_gradient_stops_what_stands_before_it(layer: str) -> None:
    spec = yaml.safe_load(on("[8, 8, 3]", "{type: Dense, units: 3, activation: sigmoid}", layer))
    found, failure = verdict(spec)
    assert [diagnostic.code for diagnostic in found] == (["cannot-train"] if failure else [])
    assert bool(failure) == ("contrast" not in layer)


@pytest.mark.parametrize("training", ["true", "false"])
@pytest.mark.parametrize(("text", "trains"), [
    (on("[8, 8, 3]", "{type: RandomCrop, height: 5, width: 5, call: {training: %s}}"), True),
    (on("[8, 8, 3]", "{type: Pipeline, layers: [{type: RandomCrop, height: 5, width: 5}], call: {training: %s}}"), True),
    ("dtype_policy: mixed_float16\n" + on("[8, 8, 3]", "{type: CutMix, call: {training: %s}}"), False),
    (on("[4]", "{type: Dropout, rate: 0.5, call: {training: %s}}", dtype="int32"), False),
    (on("[4]", "{type: SpectralNormalization, layer: {type: Dense, units: 2, lora_rank: 1}, call: {training: %s}}"), False),
    (on("[3, 4]", "{type: Input, name: m, shape: [2], dtype: bool}",
        "{type: BatchNormalization, from: {inputs: x, mask: m}, call: {training: %s}}"), False),
])  # fmt: skip
def test_predict_and_fit_train_or_not_whatever_a_call_says(text: str, trains: bool, training: str) -> None:
    found, failure = verdict(yaml.safe_load(text % training))
    assert [diagnostic.code for diagnostic in found] == ([] if trains else ["cannot-train"])
    assert failure[:5] == ("" if trains else "train")
