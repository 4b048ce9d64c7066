"""The hall: every door of Kaspa and the one path between them."""
