"""How often, never who."""
