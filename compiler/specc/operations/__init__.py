"""The operations: functions of ``keras.ops``, a family a file, found by name through `FAMILIES`.

A family's module is imported when a spec first uses one of its operations. To add one: write its class, or its row, in
its family's file, and its name here.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from specc.operations.refused import REFUSED as REFUSED

if TYPE_CHECKING:
    from specc.calls import Callee

FAMILIES: dict[str, str] = {
    "elementwise": (
        "absolute abs negative sign square sqrt rsqrt cbrt reciprocal exp exp2 expm1 log log1p log2 log10 sin cos tan "
        "arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh sinc deg2rad rad2deg floor ceil trunc erf erfc "
        "erfinv logical_not isnan isinf isfinite isneginf isposinf signbit zeros_like ones_like copy bitwise_not "
        "stop_gradient round clip nan_to_num cast saturate_cast full_like fabs i0 bitwise_invert real imag angle conj "
        "conjugate isreal view_as_real"
    ),
    "binary": (
        "add subtract multiply divide true_divide divide_no_nan floor_divide mod fmod power maximum minimum arctan2 "
        "logaddexp logaddexp2 equal not_equal greater greater_equal less less_equal logical_and logical_or "
        "logical_xor isclose allclose hypot where fmax fmin nextafter ldexp heaviside select bitwise_and bitwise_or "
        "bitwise_xor bitwise_left_shift left_shift bitwise_right_shift right_shift gcd lcm polar"
    ),
    "activation": (
        "relu relu6 sigmoid sparse_sigmoid softplus softsign sparse_plus silu log_sigmoid hard_sigmoid hard_silu selu "
        "tanh_shrink hard_tanh elu celu leaky_relu gelu squareplus soft_shrink hard_shrink threshold glu softmax "
        "log_softmax sparsemax"
    ),
    "reduction": (
        "sum mean var std any all amax amin ptp logsumexp median nansum nanmean nanmax nanmin nanvar nanstd nanprod "
        "max min argmax argmin nanargmax nanargmin prod count_nonzero cumsum cumprod nancumsum nancumprod trapezoid "
        "average quantile percentile moments norm normalize"
    ),
    "shape": ("reshape ravel transpose expand_dims squeeze swapaxes moveaxis repeat tile broadcast_to pad diff view"),
    "flipping": "flip fliplr flipud roll rot90",
    "matrix": "diagonal diag diagflat vander trace tril triu",
    "joining": (
        "concatenate append hstack vstack dstack stack meshgrid split array_split hsplit vsplit dsplit unstack"
    ),
    "indexing": ("get_item slice take take_along_axis sort argsort searchsorted top_k in_top_k"),
    "encoding": "one_hot multi_hot bincount unravel_index",
    "scattering": "scatter scatter_update slice_update segment_sum segment_prod segment_max segment_min",
    "matrices": (
        "inv det cholesky cholesky_inverse logdet matrix_rank pinv eig eigh qr svd solve solve_triangular lstsq"
    ),
    "linear": ("matmul dot inner outer vdot tensordot cdist cross einsum"),
    "generators": (
        "arange linspace logspace geomspace zeros ones full eye identity tri array convert_to_tensor bartlett blackman "
        "hamming hanning kaiser"
    ),
    "signal": "fft fft2 ifft2 rfft irfft extract_sequences stft istft correlate",
    "normalization": "batch_normalization layer_normalization rms_normalization",
    "attention": "dot_product_attention",
    "convolution": "conv depthwise_conv separable_conv",
    "losses": (
        "binary_crossentropy categorical_crossentropy sparse_categorical_crossentropy ctc_loss ctc_decode psnr image.ssim"
    ),
    "warping": ("image.affine_transform image.perspective_transform image.map_coordinates image.scale_and_translate"),
    "pooling": "max_pool average_pool",
    "patches": "image.extract_patches image.extract_patches_3d unfold fold depth_to_space space_to_depth",
    "image": (
        "image.resize image.crop_images image.pad_images image.gaussian_blur image.sobel_edges image.rgb_to_grayscale "
        "image.rgb_to_hsv image.hsv_to_rgb"
    ),
}
"""Every operation, without the "ops." before its name, under the module that contains its class."""

ALIASES: dict[str, str] = {"ops.swish": "ops.silu", "ops.hard_swish": "ops.hard_silu"}
"""Other names that Keras has for the same function."""

CLASSES: dict[str, type[Callee]] = {}
"""The operations that are made so far: each `specc.operations.base.Operation` adds itself."""
TO_MAKE: dict[str, Callable[[], None]] = {}
"""What makes the other ones of the families imported so far."""

_FAMILY_OF = {f"ops.{name}": family for family, listed in FAMILIES.items() for name in listed.split()}


def find(name: str) -> type[Callee] | None:
    """The class of an operation, by its name ("ops.matmul"); None if there is none."""
    family = _FAMILY_OF.get(name)
    if family is None:
        return None
    import_module(f"specc.operations.{family}")
    if name not in CLASSES:
        TO_MAKE[name]()
    return CLASSES[name]


def names() -> list[str]:
    """The name of every operation."""
    return list(_FAMILY_OF)
