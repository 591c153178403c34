"""The models by the names that PyBaMM's users know."""

KINDS = ("SPM", "SPMe", "DFN")
