"""TypedGraph to pictures: SVG, PNG, PDF, Graphviz's DOT, Mermaid, and a page to zoom in."""
