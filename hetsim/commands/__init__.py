"""The commands of the command line, one a file; what needs PyBaMM is in a `*_job` that they import late."""
