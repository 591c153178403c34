"""The errors that hetsim raises for wrong input; the message says what, which value and what is allowed."""


class HetsimError(ValueError):
    """Base class of all errors that hetsim raises for wrong input."""


class ParameterError(HetsimError):
    """A parameter, a parameter file or an argument that cannot be used."""


class MeasurementError(HetsimError):
    """A file of measured data that cannot be read or does not hold what is needed."""


class OutputError(HetsimError):
    """A folder or a file that cannot be written."""


class StoreError(HetsimError):
    """A store of a sweep that cannot be read, written or continued."""


class ClusterError(HetsimError):
    """A cluster that cannot be reached or does not answer."""


class MissingPackageError(HetsimError):
    """An optional package that is needed here and is not installed."""
