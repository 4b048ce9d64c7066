"""`kaspa train`: the model."""

from __future__ import annotations

import asyncio

from bot.commands.opening import open_settings, say, trained
from bot.nlu_server import model_for


def train() -> None:
    """Train the model, if today's training data has no model yet."""
    settings = open_settings()
    model = model_for(settings.data)
    if model.exists:
        say(f"The model is up to date: {model.path.name}")
        return
    asyncio.run(trained(settings))
