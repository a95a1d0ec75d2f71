"""``$name`` and ``$(expression)``: values computed from values. Every expression terminates, and its value is small.

Python's parser reads an expression; `compute.NODES` lists what is allowed in it, and nothing else is ever run.
"""
