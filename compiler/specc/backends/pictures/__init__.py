"""Pictures of a graph, of the change from one to another, or of a spec with errors.

All formats are made from a scene (`scenes`, `marked`), in which what repeats is folded. The engine, which is JavaScript, lays
it out for SVG, PNG and PDF (`render`) and in the page (`html`). DOT, Mermaid and text need no layout (`texts`).
"""
