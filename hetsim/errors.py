"""The errors that hetsim raises for wrong input."""


class ParameterError(ValueError):
    """A parameter file or value that cannot be used; the message says what and what is allowed."""
