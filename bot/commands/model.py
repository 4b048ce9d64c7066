"""`kaspa train`, `kaspa tune`: the model, and the encoder under it."""

from __future__ import annotations

import asyncio

from bot.commands.opening import open_settings, say, trained
from bot.nlu_server import in_rasas_python, model_for


def train() -> None:
    """Train the model, if today's training data has no model yet."""
    settings = open_settings()
    model = model_for(settings.data)
    if model.exists:
        say(f"The model is up to date: {model.path.name}")
        return
    asyncio.run(trained(settings))


def tune() -> None:
    """Tune the encoder to today's training data, an hour of two cores; then train. Only when the data changed a lot."""
    say("Tuning the encoder to the training data…")
    asyncio.run(in_rasas_python("-m", "nlu.pipeline.tuning", "nlu/data", line=lambda line: say(f"  {line}")))
    train()
