"""What a picture can show of a graph: its cards, frames and wires, and what they say.

`make_scene` makes a `scene` of a graph, `repeats` folds what repeats in it.
"""
