"""Models as specs."""
