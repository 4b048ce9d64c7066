"""Reading the content files: every fault is reported with its place, and what can be read is read."""
