"""How Python is written: names, literals, lines as ``ruff format`` lays them out, statements, the whole file."""
