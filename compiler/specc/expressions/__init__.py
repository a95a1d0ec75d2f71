"""``$name`` and ``$(expression)``: values computed from values. Total: every expression ends, small and soon.

Python's parser reads an expression; what may stand in it is the list `compute.NODES`, and nothing else is ever run.
"""
