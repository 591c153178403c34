"""The junction between two materials: what is known of it, and what follows."""
