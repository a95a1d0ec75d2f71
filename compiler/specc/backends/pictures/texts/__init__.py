"""Pictures that are text, which need no layout: DOT, Mermaid, and a chart for the terminal.

Each writes what is seen of a scene (`view`).
"""
