"""The C file of the engine and its library."""
