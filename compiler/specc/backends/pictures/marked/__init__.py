"""Scenes whose cards and wires have marks: the change from one graph to another, and a spec with errors."""
