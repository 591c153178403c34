"""The systems that tests go through: those written by hand, and some of those that were made.

All made files pass tests/parameters/test_library.py. What is tested of each system elsewhere takes a sample of them,
always the same, for there are many and they are alike.
"""

import random

from hetsim.parameters.library import component_names

BY_HAND = component_names("systems")
MADE = component_names("library")
SOME_MADE = sorted(random.Random(18).sample(MADE, 5))
SOME = sorted([*BY_HAND, *SOME_MADE])
