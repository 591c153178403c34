"""Where in the electrode the ions go first: CoTe2/ZnTe/Ti3C2Tx against potassium at 5C."""

import pybamm

MODEL = "HeterostructureDFN"


def main() -> None:
    """Two minutes at 5C."""
    values = pybamm.ParameterValues("CZT")
    values["Current function [A]"] = 5 * values["Nominal cell capacity [A.h]"]
    solution = pybamm.Simulation(pybamm.Model(MODEL), parameter_values=values).solve([0, 120])
    surface = solution["Positive particle surface stoichiometry"].entries[:, -1]
    print(
        f"surface occupancy {surface[0]:.4f} at the separator, {surface[-1]:.4f} at the collector"
    )


if __name__ == "__main__":
    main()
