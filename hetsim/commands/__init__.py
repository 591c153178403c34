"""The commands of the command line, one a file; each imports PyBaMM and pandas only when it runs."""
