"""What happened in a period: the one set of numbers behind the screen and every file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from analytics.events import CHANNELS, CLIENT_TYPES, FIRST_CONTACTS, MUNICIPALITIES, OUTCOMES, Vocabulary
from analytics.period import Period
from analytics.store import Connection, Ledger, MonthTotal
from analytics.suppress import SMALLEST, Parts, Shown, total_of, withhold_sum

CONTACTS = (
    "Contacts, not people: a conversation in which somebody wrote or pressed something, or one logged visit, call or "
    "e-mail. One person may be several contacts."
)
DEFINITIONS: Mapping[str, str] = {
    "channel": "Contacts by the channel they came on; each has one.",
    "language": "Contacts by the language they were served in; each has one.",
    "topic": "Contacts that touched the topic. One contact may have up to three topics, or none: they do not add up.",
    "client_type": "Contacts by who asked, as told or as the desk saw it; unknown where nobody said.",
    "outcome": "Contacts by how they ended; each has one.",
    "municipality": "Contacts by home municipality, where it was told.",
    "first_contact": "Contacts by whether it was the first one, as told; who it was is not kept, so it is not checked.",
}
# Who else speaks it, who else lives there: here zeros are withheld too, or a dash would say that there was somebody.
SENSITIVE = frozenset({"language", "municipality"})

OTHER = "other"  # languages and topics that have left the vocabulary since they were counted


class View(StrEnum):
    """EXACT is for the desk's own screen; PUBLISHED for every file, chart and partner: small numbers are withheld."""

    EXACT = "exact"
    PUBLISHED = "published"


@dataclass(frozen=True)
class Target:
    """How many contacts with a client type a year is meant to bring."""

    client_type: str
    goal: int


TARGETS = (Target("client", 100), Target("professional", 30))


@dataclass(frozen=True)
class Count:
    """`contacts` is None where it is withheld."""

    value: str
    contacts: int | None


@dataclass(frozen=True)
class Breakdown:
    """Every value that could occur, in an order that tells nothing of the counts."""

    dimension: str
    definition: str
    counts: tuple[Count, ...]

    def contacts(self, value: str) -> int | None:
        return next((count.contacts for count in self.counts if count.value == value), 0)


@dataclass(frozen=True)
class Reached:
    """A target and what was counted towards it."""

    target: Target
    contacts: int | None


@dataclass(frozen=True)
class Report:
    """`smallest` is the smallest number shown, 0 in the exact view; `total` is always exact."""

    period: Period
    view: View
    smallest: int
    total: int
    definition: str
    channel: Breakdown
    language: Breakdown
    topic: Breakdown
    client_type: Breakdown
    outcome: Breakdown
    municipality: Breakdown
    first_contact: Breakdown
    reached: tuple[Reached, ...]

    @property
    def breakdowns(self) -> tuple[Breakdown, ...]:
        return tuple(getattr(self, dimension) for dimension in DEFINITIONS)


class OnlyForTheDesk(ValueError):
    """Months are not published: ask for a quarter, a half-year or a year, or for the exact view at the desk."""


async def build(
    conn: Connection,
    ledger: Ledger,
    vocabulary: Vocabulary,
    period: Period,
    view: View = View.PUBLISHED,
    smallest: int = SMALLEST,
    targets: tuple[Target, ...] = TARGETS,
) -> Report:
    """Count the period. Topics and languages of the vocabulary are listed even where they are zero.

    Raises OnlyForTheDesk for a month in the published view, TooSmallARule for a `smallest` below 3.
    """
    if view is View.PUBLISHED and period.is_month:
        raise OnlyForTheDesk(f"{period.name} is a month, and months are not published: ask for a quarter or longer")
    months = await ledger.by_month(conn, period.start, period.end)
    shown = {
        dimension: _shown(_parts(months, period, dimension, vocabulary), view, smallest, dimension in SENSITIVE)
        for dimension in DEFINITIONS
    }
    return Report(
        period=period,
        view=view,
        smallest=smallest if view is View.PUBLISHED else 0,
        total=sum(month.contacts for month in months if month.dimension == "channel"),  # each contact has one channel
        definition=CONTACTS,
        reached=tuple(Reached(target, shown["client_type"].get(target.client_type, 0)) for target in targets),
        **{dimension: _breakdown(dimension, counts) for dimension, counts in shown.items()},
    )


def _shown(parts: Parts, view: View, smallest: int, sensitive: bool) -> Shown:
    return withhold_sum(parts, smallest, sensitive) if view is View.PUBLISHED else dict(total_of(parts))


def _breakdown(dimension: str, counts: Shown) -> Breakdown:
    return Breakdown(dimension, DEFINITIONS[dimension], tuple(Count(*count) for count in counts.items()))


def _parts(months: Iterable[MonthTotal], period: Period, dimension: str, vocabulary: Vocabulary) -> Parts:
    """The counts of the dimension in the period's last parts, all with the same values in the same order."""
    if period.parts:
        return tuple(_parts(months, part, dimension, vocabulary) for part in period.parts)
    values = _values(dimension, vocabulary)
    counts = Counter(dict.fromkeys(values, 0))
    for month in months:
        if month.dimension == dimension and period.start <= month.month < period.end:
            # A word that has left the vocabulary gets no row of its own: the row would say that it occurred.
            counts[month.value if month.value in values else OTHER] += month.contacts
    return counts


def _values(dimension: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    fixed = {
        "channel": CHANNELS,
        "client_type": CLIENT_TYPES,
        "first_contact": FIRST_CONTACTS,
        "municipality": MUNICIPALITIES,
        "outcome": OUTCOMES,
    }
    free = {"language": vocabulary.languages, "topic": vocabulary.topics}
    return fixed[dimension] if dimension in fixed else (*sorted(free[dimension] - {OTHER}), OTHER)
