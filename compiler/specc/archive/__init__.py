"""Keras's own files, written and read without Keras: the JSON of an architecture, and the ``.keras`` archive around it.

`file` puts a file together of what `writing` and `weights` make, and `reading.container` opens one. A module of
`writing` knows one part of the form, and that of the same name in `reading` is its inverse; what they know of a layer or
an object is in its class.
"""
