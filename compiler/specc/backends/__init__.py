"""TypedGraph to artifacts: a Keras model, Keras source, pictures, summaries; `formats` lists those that are files."""
