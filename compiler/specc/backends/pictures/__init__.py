"""Pictures of a graph, or of the change from one to another.

All formats are made from a scene (`scene`), in which what repeats is folded (`repeats`). The engine, which is JavaScript, lays
it out for SVG, PNG, PDF and the page. DOT, Mermaid and text need no layout: they write what is seen of it (`view`).
"""
