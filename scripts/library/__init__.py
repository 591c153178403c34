"""The library of systems that are made from facts: `python -m scripts.build_library`."""
