"""From a model that Keras has saved to a spec that a person would have written."""
