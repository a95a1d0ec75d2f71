"""Graph to TypedGraph: shapes, dtypes and weights, by the layers' own rules.

`infer` is the entry point; `refused` reports what cannot be inferred, `batch` checks that it runs for every batch.
"""
