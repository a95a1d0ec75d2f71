"""Public architectures: each a spec, and beside it the same model as a Keras user writes it.

``NAME.yaml`` has its full size in its vars. ``NAME.py`` says where the architecture is from, and ``build``, with the same
vars, is the reference. ``SMALL`` are vars for a model that the tests can build and run in a second. The table of
docs/architectures.md is made from these files.
"""
