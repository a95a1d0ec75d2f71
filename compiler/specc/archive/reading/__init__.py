"""Keras's files as what they say: opened within bounds, each value checked where it stands, older forms as today's."""
