"""What pybamm-model-zoo finds hetsim's models by: a folder for each, with a manifest that is read and never imported.

The entry point `pybamm_zoo_models` names this package. Then `pybamm_model_zoo.load("HeterostructureSPMe")` is
`hetsim.models.HeterostructureSPMe`, and the zoo's own checks run on it (`pybamm_model_zoo.testing.contract`).
"""
