"""Keras's own files, written and read without Keras: the JSON of an architecture, and the ``.keras`` archive around it.

Each module knows one part of the form in both directions; what it knows of a layer or an object is in that class.
"""
