"""The console: the pages of those who work here, behind a door of their own."""
