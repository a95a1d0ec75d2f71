"""The source of a graph node by node, for what no spec was written for, or has no form in Python."""
