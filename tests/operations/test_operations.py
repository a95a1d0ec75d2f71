"""The operations by name: every function of ``keras.ops`` is one or is refused, and one check loads few."""

from __future__ import annotations

import inspect
import re
from importlib import import_module

import pytest

from specc import keras_signatures, layers, operations
from tests.support.operation_agreement import operation

NOT_YET = (
    "adaptive_average_pool adaptive_max_pool allclose angle append argpartition array_split "
    "batch_normalization binary_crossentropy bincount bitwise_and bitwise_invert bitwise_left_shift "
    "bitwise_or bitwise_right_shift bitwise_xor categorical_crossentropy cdist cholesky cholesky_inverse conj "
    "conjugate conv conv_transpose corrcoef correlate ctc_decode ctc_loss depthwise_conv det diagflat "
    "digitize dot_product_attention dsplit dstack eig eigh empty_like extract_sequences fabs fft fft2 fliplr "
    "flipud fmax fmin fold gcd heaviside histogram hsplit i0 ifft2 imag image.affine_transform "
    "image.crop_images image.elastic_transform image.extract_patches image.extract_patches_3d "
    "image.gaussian_blur image.hsv_to_rgb image.map_coordinates image.pad_images image.perspective_transform "
    "image.rgb_to_hsv image.scale_and_translate image.sobel_edges image.ssim inv irfft isin isreal istft kron "
    "layer_normalization lcm ldexp left_shift logdet lstsq lu_factor matrix_rank meshgrid multi_hot nanargmax "
    "nanargmin nancumprod nancumsum nanmedian nanpercentile nanquantile nextafter percentile pinv polar psnr "
    "qr real rearrange rfft right_shift rms_normalization scatter scatter_update segment_max segment_min "
    "segment_prod segment_sum select separable_conv slice_update slogdet solve solve_triangular "
    "sparse_categorical_crossentropy stft svd trapezoid unfold unravel_index vander view view_as_complex "
    "view_as_real vsplit"
)
"""Functions that are not described yet."""


def test_every_function_of_keras_is_an_operation_or_refused() -> None:
    missing = [f"ops.{name}" for name in NOT_YET.split()]
    known = [*operations.names(), *operations.ALIASES, *operations.REFUSED, *missing]
    assert sorted(known) == sorted(name for name in keras_signatures.every() if name.startswith("ops."))


@pytest.mark.parametrize("family", operations.FAMILIES)
def test_names_stand_beside_the_module_of_their_class(family: str) -> None:
    source = inspect.getsource(import_module(f"specc.operations.{family}"))
    defined = re.findall(r'\bop="([\w.]+)"|\bmake\(\s*\w+,\s*"([\w.]+)"', source)
    assert sorted(one or other for one, other in defined) == sorted(operations.FAMILIES[family].split())


def test_every_class_is_found_by_its_name() -> None:
    assert {name: operations.find(name) for name in operations.names()} == operations.CLASSES


def test_what_is_given_by_position_stands_in_keras_s_order() -> None:
    for name in operations.names():
        cls = operation(name.removeprefix("ops."))
        signature = keras_signatures.find(name)
        assert signature is not None
        takes = signature.arguments.items()
        required = [argument for argument, default in takes if default is keras_signatures.REQUIRED]
        fields = [field for field, info in cls.argument_fields().items() if info.is_required()]
        tensors = [argument.name for argument in cls.tensors if argument.required or argument.name in cls.constants]
        assert set(cls.constants) <= {argument.name for argument in cls.tensors}
        # The operands of einsum are arguments of their own; of arange, a spec gives the end alone by its name.
        if name not in ("ops.einsum", "ops.arange"):
            assert [*tensors, *fields][: len(required)] == required, name


def test_did_you_mean() -> None:
    assert layers.unknown("ops.matmull").help == "did you mean 'ops.matmul'?"
    assert layers.unknown("ops.substract").help == "did you mean 'ops.subtract'?"


def test_further_names() -> None:
    assert layers.find("ops.swish") is operation("silu")
    assert layers.find("ops.hard_swish") is operation("hard_silu")


@pytest.mark.parametrize("name", ["name", "trainable", "dtype", "activity_regularizer"])
def test_an_operation_has_no_arguments_of_a_layer(name: str) -> None:
    made, problems = operation("add").parse({name: "float32", "x2": 1})
    assert made is None
    assert [(problem.code, problem.message, problem.path, problem.help) for problem in problems] == [
        ("unknown-argument", f'has no argument "{name}"', (name,), "it takes x1, x2")
    ]
