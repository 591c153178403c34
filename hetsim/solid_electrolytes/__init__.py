"""Solid electrolytes with interfaces: heterogeneous doping beside printed conductivities, and a half cell with them."""
