"""Spec to TypedGraph: lower (expand, wire), verify, infer; `specc.pipeline` has their order."""
