"""Papers, books and programs that hetsim builds upon."""
