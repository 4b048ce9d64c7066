"""What we know: approved texts, sources, organisations, hours."""
