"""What is sound and may still surprise: the rules of `specc.passes.advise`, a theme a file, and what silences them."""
