"""What works and what does not, told truly: to the operator's page and to `kaspa doctor`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass

OK = "ok"
OFF = "off"
STARTING = "starting"


@dataclass(frozen=True)
class Health:
    """Each part is "ok", "starting", "off", or a sentence that says what to do."""

    database: str
    nlu: str
    telegram: str
    jobs: str

    @property
    def serves(self) -> bool:
        """Whether people get answers at all: without NLU they get less, without the database nothing."""
        return self.database == OK

    def as_json(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True)
class Examination:
    """Asks every part now."""

    database: Callable[[], Awaitable[bool]]
    nlu: Callable[[], Awaitable[str]]
    telegram: Callable[[], Awaitable[str]]
    jobs: Callable[[], bool]

    async def health(self) -> Health:
        return Health(
            database=await self._database(),
            nlu=await self.nlu(),
            telegram=await self.telegram(),
            jobs=OK if self.jobs() else "a job failed at its last run: see the log",
        )

    async def _database(self) -> str:
        try:
            return OK if await self.database() else "the database gives wrong answers: restore a backup"
        except Exception as error:  # whatever the driver raises, the page must still tell it
            return f"cannot be reached ({type(error).__name__}): check DATABASE_URL, the disk and its free space"
