"""Building a model once per structure, and solving it: nothing else in hetsim calls a solver."""

from hetsim.engine.built import BuiltModel, Step, builds, built_model

__all__ = ["BuiltModel", "Step", "builds", "built_model"]
