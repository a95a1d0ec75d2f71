"""The functions of ``keras.ops`` that no spec can name, each with the reason and the way out."""

from __future__ import annotations

_CODE = "it takes a function, which a spec cannot contain"
_NO_GRAPH = "TensorFlow cannot run it in a model whose batch is open"
_NO_TENSOR = "it gives no tensor but a value of Python"

REFUSED: dict[str, str] = {
    f"ops.{name}": f"{reason}; {way_out}"
    for reason, names in {
        _CODE: {
            "associative_scan": "use ops.cumsum or ops.cumprod along an axis, or a recurrent layer",
            "cond": "compute both and choose with ops.where",
            "custom_gradient": "use ops.stop_gradient, or a layer class in a plugin",
            "fori_loop": "'repeat' makes a fixed number of steps, and a recurrent layer runs along a sequence",
            "jvp": "gradients are computed in training, from Python",
            "map": "operations work on whole tensors, and TimeDistributed applies a layer to each step",
            "scan": "use a recurrent layer such as GRU, or ops.cumsum along an axis",
            "switch": "compute all and choose with ops.where",
            "vectorize": "operations work on whole tensors; write the function as items, in a block if it is used often",
            "vectorized_map": "operations work on whole tensors, and TimeDistributed applies a layer to each step",
            "while_loop": "'repeat' makes a fixed number of steps, and a recurrent layer runs along a sequence",
        },
        _NO_TENSOR: {
            "convert_to_numpy": "Model.predict gives NumPy arrays",
            "dtype": "specc summary shows the dtype of every tensor; ops.cast changes one",
            "is_tensor": "what a layer or an operation gives is always a tensor",
            "ndim": "$(len(shape(x))) is the number of axes in an argument",
            "shape": "$(shape(x)[-1]) is a known size in an argument, and a Reshape takes -1 for one open size",
            "size": "$(prod(shape(x)[1:])) is the number of elements in an argument, where all sizes are known",
        },
        "it gives whatever the memory contains": {"empty": "use ops.zeros", "empty_like": "use ops.zeros_like"},
        _NO_GRAPH: {
            "argpartition": "use ops.argsort, or ops.top_k",
            "conv_transpose": "use the layers Conv1DTranspose to Conv3DTranspose",
            "corrcoef": "subtract ops.mean along the rows, divide by ops.norm, and use ops.matmul with ops.transpose",
            "digitize": "use a Discretization layer, or ops.searchsorted",
            "histogram": "sort the numbers into bins with a Discretization layer, and count them with ops.bincount",
            "isin": "compare with ops.expand_dims and ops.equal, and use ops.any along the new axis",
            "kron": "use ops.einsum, and a Reshape layer",
            "lu_factor": "use ops.solve, or another decomposition such as ops.qr",
            "nanmedian": "replace NaN with ops.nan_to_num, and use ops.median",
            "nanpercentile": "replace NaN with ops.nan_to_num, and use ops.percentile",
            "nanquantile": "replace NaN with ops.nan_to_num, and use ops.quantile",
            "rearrange": "use Reshape and Permute layers, or ops.einsum",
            "view_as_complex": "ops.fft and its like take the real and the imaginary part as two tensors",
        },
        "Keras announces another shape than TensorFlow computes": {
            "adaptive_average_pool": "use the layers AdaptiveAveragePooling1D to AdaptiveAveragePooling3D",
            "adaptive_max_pool": "use the layers AdaptiveMaxPooling1D to AdaptiveMaxPooling3D",
            "slogdet": "use ops.det, or ops.logdet for positive definite matrices",
        },
        "it distorts every batch alike": {
            "image.elastic_transform": "use the layer RandomElasticTransform",
        },
        "the number of elements that it gives depends on the data, so that no layer could be built on it": {
            "nonzero": "keep all elements, and set some to 0 with ops.where or ops.multiply",
            "unique": "count numbers with ops.bincount, or mark repeated ones with ops.equal",
        },
    }.items()
    for name, way_out in names.items()
}
"""The reason and the way out, by the full name ("ops.scan")."""
