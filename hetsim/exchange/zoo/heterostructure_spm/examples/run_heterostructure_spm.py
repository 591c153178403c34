"""A discharge of CoTe2/ZnTe/Ti3C2Tx against potassium, and what is left when it rests."""

import pybamm

MODEL = "HeterostructureSPM"


def main() -> None:
    """Ten minutes at 1C, ten minutes of rest."""
    simulation = pybamm.Simulation(
        pybamm.Model(MODEL),
        parameter_values=pybamm.ParameterValues("CZT"),
        experiment=pybamm.Experiment(["Discharge at 1C for 10 minutes", "Rest for 10 minutes"]),
    )
    solution = simulation.solve()
    print(f"{solution['Voltage [V]'].entries[-1]:.3f} V")


if __name__ == "__main__":
    main()
