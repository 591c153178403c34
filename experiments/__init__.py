"""Experiments: each file is prose, `main()` and `check(result)`, and runs in the test suite."""
