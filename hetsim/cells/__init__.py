"""Cells: electrodes with their values, and the PyBaMM objects that they make."""
