"""Text to Spec: read, parse, include."""
