"""What specc leaves to Keras."""


class NotNative(Exception):
    """Only Keras can write a model, for this reason: "it has a constant"."""
