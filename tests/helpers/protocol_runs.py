"""What tests of protocols of several steps share."""

import numpy as np

import hetsim as hs

FEW = [1e4, 1.0, 1e-2]
"""Frequencies [Hz]."""


def czt(name="lumped"):
    return hs.load("CZT", name).with_particle(classes=1)


def run(*steps, cell=None, model="SPM", **settings):
    return hs.run(cell or czt(), hs.Protocol(list(steps), **settings), model)


def charges(result):
    return np.array([step.charge for step in result.step_list])
