"""The weights that a new model begins with, without Keras."""
