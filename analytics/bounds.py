"""How closely a figure that is not shown can be worked out from those that are. Pure.

Counts that add up form a network: every figure is a flow from one sum it belongs to into another, and every sum is a
node where what comes in goes out. Someone who knows the shown figures, and that no count is negative, can place a
hidden one between its smallest and its largest possible flow (Gusfield 1988, "A graph theoretic approach to statistical
data security"). The bounds are whole numbers, and every whole number between them is possible.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Figure:
    """A count, flowing from one sum (node) into another."""

    tail: Hashable
    head: Hashable
    value: int


@dataclass(frozen=True)
class Slack:
    """The hidden value may be up to `down` smaller and up to `up` larger, as far as anyone can calculate."""

    down: int
    up: int


def slack(figures: Mapping[Hashable, Figure], hidden: Iterable[Hashable], name: Hashable, enough: int) -> Slack:
    """How far the hidden figure `name` can move while all the shown ones stay; counted up to `enough` each way."""
    figure = figures[name]
    others = [figures[other] for other in hidden if other != name]
    down = _flow(others, figure.tail, figure.head, min(figure.value, enough))
    up = _flow(others, figure.head, figure.tail, enough)
    return Slack(down, up)


@dataclass(eq=False)
class _Arc:
    """One direction in which flow can change; what is pushed along it can be pushed back along `back`."""

    head: Hashable
    room: int
    back: _Arc = field(init=False, repr=False)


def _flow(figures: Iterable[Figure], source: Hashable, sink: Hashable, limit: int) -> int:
    """The largest flow from source to sink, up to `limit`: shortest augmenting paths (Edmonds and Karp 1972)."""
    arcs = _arcs(figures, limit)
    pushed = 0
    while pushed < limit and (path := _path(arcs, source, sink)):
        step = min(limit - pushed, *(arc.room for arc in path))
        for arc in path:
            arc.room -= step
            arc.back.room += step
        pushed += step
    return pushed


def _arcs(figures: Iterable[Figure], limit: int) -> Mapping[Hashable, list[_Arc]]:
    """A figure can grow without end (`limit` is end enough) and shrink to nothing."""
    arcs: defaultdict[Hashable, list[_Arc]] = defaultdict(list)
    for figure in figures:
        grow, shrink = _Arc(figure.head, limit), _Arc(figure.tail, figure.value)
        grow.back, shrink.back = shrink, grow
        arcs[figure.tail].append(grow)
        arcs[figure.head].append(shrink)
    return arcs


def _path(arcs: Mapping[Hashable, list[_Arc]], source: Hashable, sink: Hashable) -> list[_Arc]:
    """The shortest way with room left, [] when there is none."""
    reached: dict[Hashable, list[_Arc]] = {source: []}
    waiting = deque([source])
    while waiting and sink not in reached:
        node = waiting.popleft()
        for arc in arcs.get(node, ()):
            if arc.room and arc.head not in reached:
                reached[arc.head] = [*reached[node], arc]
                waiting.append(arc.head)
    return reached.get(sink, [])
