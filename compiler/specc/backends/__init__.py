"""TypedGraph to artifacts: a Keras model, Keras source, pictures, summaries; and what is known of the language itself."""
