"""TypedGraph to Keras source: a Python file that builds the model without specc."""
