"""Rasa components of our own. They run only inside Rasa's environment (Python 3.10)."""
