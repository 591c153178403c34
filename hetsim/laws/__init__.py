"""Published laws as plain functions: the same function takes a float, an array or a PyBaMM symbol."""
