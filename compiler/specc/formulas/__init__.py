"""Formulas: ``mean + exp(log_var / 2) * noise`` as the operations that compute it.

Python's parser reads a formula; `specc.formulas.lower` says what each part of it means, and nothing of it is ever run.
"""
