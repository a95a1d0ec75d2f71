"""Weights: where they stand in a file, what they begin with, and how they get from one file into another."""
