"""What a spec says to the source: its items, what they refer to, the values they have, and what became of them in the graph."""
