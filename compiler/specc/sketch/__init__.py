"""What is known of a spec with errors: its layers and wires, with the shapes that follow from what is right.

The stages of `specc.pipeline` once more, but each goes on with what it has. Layers that cannot be made are kept by a
stand-in, and names that nothing has, too.
"""

from specc.sketch.sketch import Sketch, sketch

__all__ = ["Sketch", "sketch"]
