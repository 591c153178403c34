"""The engine in C: its source, how it is compiled, how it is loaded."""
