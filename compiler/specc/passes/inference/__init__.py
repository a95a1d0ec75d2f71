"""Graph to TypedGraph: shapes, dtypes and weights, by the layers' own rules.

`infer` is the way in; `refused` tells what cannot be inferred, `batch` asks whether it runs for every batch.
"""
