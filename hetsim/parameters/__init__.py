"""Parameter files and what may stand in them. Nothing here needs PyBaMM."""
