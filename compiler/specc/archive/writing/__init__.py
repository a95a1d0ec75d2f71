"""What specc writes into Keras's files: configurations, models, calls, and what a model is compiled with."""
