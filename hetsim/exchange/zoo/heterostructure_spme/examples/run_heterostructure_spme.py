"""The rate capability of CoTe2/ZnTe/Ti3C2Tx against potassium: what is left of the capacity at 10C."""

import pybamm

MODEL = "HeterostructureSPMe"


def main() -> None:
    """Discharges at 1C and 10C to 0.02 V."""
    model = pybamm.Model(MODEL)
    for rate in (1, 10):
        simulation = pybamm.Simulation(
            model,
            parameter_values=pybamm.ParameterValues("CZT"),
            experiment=pybamm.Experiment([f"Discharge at {rate}C until 0.02 V"]),
        )
        passed = simulation.solve()["Discharge capacity [A.h]"].entries[-1]
        print(f"{rate}C: {1e3 * passed:.4f} mAh")


if __name__ == "__main__":
    main()
