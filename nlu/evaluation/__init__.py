"""Measuring what is understood, on texts kept out of training."""
