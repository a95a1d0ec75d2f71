"""What tests share: specs and models to test with, comparisons with Keras, ways to run a command.

The two that are commands themselves stand beside this folder: ``python -m tests.growing`` and ``python -m tests.fuzz``.
"""
