"""The channels: doors for the person who asks, the same shape each."""
