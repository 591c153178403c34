"""The analysis that an experimentalist does."""
