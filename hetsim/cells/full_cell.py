"""A full cell: two electrodes that are half cells of their own, balanced against each other.

    full = hs.load("KPB-CZT")
    hs.run(full, hs.RateTest([0.05, 0.5]))        # A/g of the mass that its file names

Discharge takes ions out of the negative electrode and puts them into the positive one; a positive
current discharges. What belongs to an electrode is called "Negative: ..." and "Positive: ...".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hetsim import names
from hetsim.cells.balance import balanced, sourced
from hetsim.cells.equilibrium import EMPTY, FULL, occupancy_at_cut_off
from hetsim.cells.half_cell import HalfCell, sources
from hetsim.errors import ParameterError
from hetsim.late import late
from hetsim.models.kinds import check_kind
from hetsim.parameters.cell_file import CellFile, checked_cell, is_shared, side_of
from hetsim.parameters.checks import checked_value
from hetsim.parameters.flat import DEFAULTS, flat_values
from hetsim.parameters.values import MeasuredRate, Number, ParameterNumbers, Value, content_hash

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = late("pandas")

_CHARGED = {names.NEGATIVE: "insertion", names.POSITIVE: "extraction"}
"""What each electrode has behind it in a charged cell."""
_OWN_HOMES = ("cell", "system", "electrolyte")


@dataclass(frozen=True, repr=False)
class FullCell:
    """A cell of two insertion electrodes, one of them or both a heterostructure.

    Parameters
    ----------
    file : CellFile
        What the cell's file says
    negative, positive : HalfCell
        Its electrodes as half cells, whose shared values, and the negative's loading and thickness,
        follow from the file (`assembled` makes both)

    Notes
    -----
    A run starts from the charged cell at rest: the ions that the cell has after assembly and the first
    filling of the negative electrode,

        n = theta_P0 + NP [p - l (1 - p)]      per site of the positive electrode,

    shared between the electrodes so that the open-circuit voltage is the upper cut-off. theta_P0
    "Positive filling as assembled", NP "N/P ratio" (sites over sites), p "Pre-potassiation", l
    "First-cycle loss". A negative electrode that was filled to p before assembly has paid that part of
    its loss there. [-]
    """

    file: CellFile
    negative: HalfCell
    positive: HalfCell

    def __repr__(self) -> str:
        return f"<FullCell {self.name}: {self.file.title}, {self.positive!r}, {self.negative!r}>"

    # --- values ------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The cell's name."""
        return self.file.name

    @cached_property
    def values(self) -> ParameterNumbers:
        """Every parameter as a number or a tuple of numbers, to be read only.

        "Active mass loading" and "Specific capacity" without an electrode are those of the electrode
        whose mass counts, so that currents per gram mean the same here as in a half cell.
        """
        return self._with_electrodes(
            {place: cell.values for place, cell in self.electrodes.items()}
        )

    @cached_property
    def model_values(self) -> ParameterNumbers:
        """The values as the models take them, those of the electrodes being `HalfCell.model_values`."""
        of_electrodes = {place: cell.model_values for place, cell in self.electrodes.items()}
        return self._with_electrodes(of_electrodes)

    def _with_electrodes(
        self, of_electrodes: Mapping[names.Electrode, ParameterNumbers]
    ) -> ParameterNumbers:
        numbers: dict[str, Number] = {name: value.value for name, value in self.file.values.items()}
        for name in (names.LOADING, names.SPECIFIC_CAPACITY):
            numbers[name] = self._counted.values[name]
        for electrode, values in of_electrodes.items():
            for name, value in {**DEFAULTS, **values}.items():
                if not is_shared(name):
                    numbers[electrode.own(name)] = value
        return ParameterNumbers(numbers)

    @property
    def electrodes(self) -> dict[names.Electrode, HalfCell]:
        """The half cells by their place."""
        return {names.NEGATIVE: self.negative, names.POSITIVE: self.positive}

    def with_values(self, changes: Mapping[str, Any]) -> FullCell:
        """A new cell with some values changed; nothing is rebuilt when it runs.

        Names are those of `table()`: "Negative: Particle radius [m]", "N/P ratio", ...

        Parameters
        ----------
        changes : Mapping[str, Any]
            New values by name

        Returns
        -------
        FullCell

        Raises
        ------
        ParameterError
            For a name that the cell does not have, a value outside its limits, or values that do not
            fit together.
        """
        where = f"{self.name}.with_values"
        changed: dict[str, dict[str, Any]] = {"": {}, "negative": {}, "positive": {}}
        for name, raw in changes.items():
            side, stem = side_of(name, where)
            changed[side][stem] = raw
        values = dict(self.file.values)
        for name, raw in changed[""].items():
            number = checked_value(name, raw, _OWN_HOMES, where)
            values[name] = Value(name, number, "assumed", "set by the user", origin="user")
        file = checked_cell(replace(self.file, values=values), where)
        negative = self.negative.with_values(changed["negative"])
        return assembled(file, negative, self.positive.with_values(changed["positive"]))

    def with_electrodes(
        self, negative: HalfCell | None = None, positive: HalfCell | None = None
    ) -> FullCell:
        """A new cell with another electrode, such as `full.negative.with_particle(classes=3)`."""
        return assembled(self.file, negative or self.negative, positive or self.positive)

    def with_volumes(self) -> FullCell:
        """The same cell with the particles of both electrodes divided along their radius, which profiles need."""
        return self.with_electrodes(self.negative.with_volumes(), self.positive.with_volumes())

    def table(self) -> pd.DataFrame:
        """Every value with its unit, kind, range, source and note."""
        return sources(sourced(self.file, (self.negative.system, self.positive.system)))

    @property
    def measured(self) -> MeasuredRate | None:
        """The measured rate curve that belongs to the cell, if its file has one."""
        return self.file.measured[0] if self.file.measured else None

    @property
    def parameters_hash(self) -> str:
        """Changes with any value and with the structure of either electrode."""
        structures = [repr(cell.structure) for cell in self.electrodes.values()]
        return content_hash({"values": dict(self.model_values), "structure": structures})

    # --- masses ------------------------------------------------------------------------------

    @property
    def _counted(self) -> HalfCell:
        return self.negative if self.file.per_gram_of == "negative" else self.positive

    @property
    def per_gram_of(self) -> str:
        """The material whose mass counts."""
        return self._counted.name

    @property
    def share_of_actives(self) -> float:
        """Mass that counts over the active mass of both electrodes [-]."""
        loadings = [cell.values.number(names.LOADING) for cell in self.electrodes.values()]
        return self._counted.values.number(names.LOADING) / sum(loadings)

    # --- PyBaMM ------------------------------------------------------------------------------

    @property
    def structure(self) -> tuple[Any, Any]:
        """What changes the equations, of the negative and of the positive electrode."""
        return self.negative.structure, self.positive.structure

    @property
    def build_key(self) -> tuple[Any, ...]:
        """What a built model is kept by."""
        return "full cell", self.negative.build_key, self.positive.build_key

    @property
    def inventories(self) -> dict[str, int]:
        """Variables that hold the ions of an electrode, each with the sign of a discharge."""
        return {
            electrode.named(names.ACCOUNTED): electrode.inserts_on_discharge
            for electrode in self.electrodes
        }

    @property
    def thermodynamic_status(self) -> str:
        """What the fields of both electrodes obey."""
        statuses = dict.fromkeys(cell.thermodynamic_status for cell in self.electrodes.values())
        return "; ".join(statuses)

    @property
    def control_systems(self) -> tuple[str, ...]:
        """Cells to run beside it: none."""
        return ()

    def controls(self) -> list[HalfCell]:
        """What it is compared with: nothing; its electrodes have controls of their own.

        Returns
        -------
        list[HalfCell]
        """
        return []

    def check_cut_offs(self) -> None:
        """ParameterError if the cell cannot rest at a cut-off."""
        _ = self.charged_occupancies, self.discharged_occupancies

    def model(self, kind: str = "SPMe", options: Mapping[str, Any] | None = None) -> Any:
        """A plain PyBaMM model: "SPM", "SPMe" or "DFN".

        Parameters
        ----------
        kind : str, default 'SPMe'
            "SPM", "SPMe" or "DFN"
        options : Mapping[str, Any] | None, default None
            Of PyBaMM, such as {"surface form": "differential"} for the double layer

        Returns
        -------
        pybamm.BaseModel

        Raises
        ------
        ParameterError
            For an unknown model.
        """
        check_kind(kind)
        from hetsim.models.full_cell import MODELS  # here, for only a build waits for PyBaMM

        negative, positive = self.structure
        try:
            return MODELS[kind](dict(options or {}), negative=negative, positive=positive)
        except ValueError as error:
            raise ParameterError(f"{self.name}: {error}") from error

    def parameter_values(self) -> Any:
        """Plain `pybamm.ParameterValues`, starting from the charged cell at rest."""
        from hetsim.models.full_cell import full_cell_values

        flat = {**flat_values(self.model_values), **self.start()}
        means = dict(zip(self.electrodes, self.charged_occupancies, strict=True))
        return full_cell_values(
            flat,
            {
                electrode: cell.parameter_values_at(means[electrode], _CHARGED[electrode])
                for electrode, cell in self.electrodes.items()
            },
        )

    def start(self) -> dict[str, float]:
        """What a run starts from, the charged cell at rest, by the names of its inputs."""
        means = zip(self.electrodes.items(), self.charged_occupancies, strict=True)
        return {
            electrode.own(name): value
            for (electrode, cell), mean in means
            for name, value in cell.start_at(mean, _CHARGED[electrode]).items()
        }

    # --- equilibrium -------------------------------------------------------------------------

    @property
    def inventory(self) -> float:
        """Ions that cycle, per site of the positive electrode [-]."""
        ratio, filled = self._own(names.N_TO_P), self._own(names.PRE_POTASSIATION)
        lost = self._own(names.FIRST_LOSS) * (1 - filled)
        return self._own(names.POSITIVE_FILLING) + ratio * (filled - lost)

    @cached_property
    def charged_occupancies(self) -> tuple[float, float]:
        """Mean occupancy of negative and positive electrode at rest at the upper cut-off [-]."""
        return self._at_rest(names.UPPER_CUT_OFF)

    @cached_property
    def discharged_occupancies(self) -> tuple[float, float]:
        """Mean occupancy of negative and positive electrode at rest at the lower cut-off [-]."""
        return self._at_rest(names.LOWER_CUT_OFF)

    def open_circuit_voltage(self, positive: float, direction: str = "discharge") -> float:
        """U_P - U_N [V] at a mean occupancy of the positive electrode, on "discharge" or "charge"."""
        into, out_of = ("insertion", "extraction")
        if direction == "charge":
            into, out_of = out_of, into
        of_positive = self.positive.open_circuit_potential(positive, into)
        of_negative = self.negative.open_circuit_potential(self._negative_at(positive), out_of)
        return float(of_positive - of_negative)

    def _negative_at(self, positive: float) -> float:
        """What the positive electrode has not, per site of the negative [-]."""
        return (self._ions - positive) / self._own(names.N_TO_P)

    @property
    def _ions(self) -> float:
        """A cell that has lost its ions keeps what counts as empty in both electrodes."""
        return max(self.inventory, EMPTY * (1 + self._own(names.N_TO_P)))

    def _at_rest(self, cut_off: str) -> tuple[float, float]:
        """Occupancies (negative, positive) at rest at a cut-off, or as full or empty as the electrodes can be [-]."""
        ratio, ions = self._own(names.N_TO_P), self._ions
        low, high = max(EMPTY, ions - ratio * FULL), min(FULL, ions - ratio * EMPTY)
        high = max(low, high)  # but for round-off, where no ion is left or no site
        charging = cut_off == names.UPPER_CUT_OFF
        direction = "charge" if charging else "discharge"
        try:
            positive = occupancy_at_cut_off(
                lambda x: self.open_circuit_voltage(x, direction),
                self._own(cut_off),
                upper=charging,
                low=low,
                high=high,
                limits=(low, high),
            )
        except ValueError as error:
            raise ParameterError(
                f"{self.name}: '{cut_off}' cannot be met on {direction}. {error}"
            ) from error
        return self._negative_at(positive), positive

    def _own(self, name: str) -> float:
        return self.file.values[name].number


Cell = HalfCell | FullCell
"""What a protocol runs on."""


def assembled(file: CellFile, negative: HalfCell, positive: HalfCell) -> FullCell:
    """A full cell, whose electrodes get what the cell has once and the negative one its loading."""
    of_negative, of_positive = balanced(file, negative.system, positive.system)
    return FullCell(
        file, replace(negative, system=of_negative), replace(positive, system=of_positive)
    )
