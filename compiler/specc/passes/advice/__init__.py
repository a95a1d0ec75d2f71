"""Warnings about valid models: the rules of `specc.passes.advise`, one theme per file, and what silences them."""
