"""How sure is sure: a temperature that makes confidences true, and thresholds that cost people least.

Both are found on texts that other people wrote and nothing has learnt from.
"""

from math import floor
from typing import Callable, Dict, List, NamedTuple, Sequence, Tuple

import numpy as np
from scipy.optimize import minimize_scalar

# In clarifying questions.
WRONG = 5.0  # an answer to another question: it is read, perhaps believed
CLARIFIED = 1.0  # a press on the right one of three buttons
REPEATED = 2.0  # "I did not understand": the person has to put it in other words
SUGGESTIONS = 3
OUT_OF_SCOPE = "out_of_scope"

# A missed crisis has no price: so many of them are to get the card, from lexicon or model. So many are to get at least
# its offer from the model alone, since a line under an answer costs little.
SHOWN, OFFERED = 0.98, 0.99
DENIED = 0.1  # of the least chance that the model gives to any crisis that the lexicon finds
CRISIS_PREFIX = "crisis_"

_STEPS = np.round(np.arange(0.02, 0.99, 0.01), 2)


class Outcome(NamedTuple):
    """Probabilities of texts (rows) by label (columns), and each text's true label, which may be none of these."""

    probabilities: np.ndarray
    truth: np.ndarray
    labels: Sequence[str]


def temperature(logs: np.ndarray, truth: np.ndarray) -> float:
    """The exponent's divisor under which the true labels (columns) are likeliest; above 1 it makes less sure."""
    rows = np.arange(len(truth))

    def surprise(value: float) -> float:
        return -float(np.log(np.clip(tempered(logs, value)[rows, truth], 1e-12, 1)).mean())

    return float(minimize_scalar(surprise, bounds=(0.3, 3.0), method="bounded").x)


def tempered(logs: np.ndarray, value: float) -> np.ndarray:
    """Probabilities from the logarithms of probabilities, at a temperature."""
    powers = np.exp((logs - logs.max(axis=-1, keepdims=True)) / value)
    return powers / powers.sum(axis=-1, keepdims=True)


def set_apart(probabilities: np.ndarray, labels: Sequence[str], label: str) -> Tuple[np.ndarray, np.ndarray, List[str]]:
    """The label's own probabilities, those of the others as if it did not exist, and the others.

    What was the label's goes to the intents: "and for my wife" is no more of a crisis for having no topic.
    """
    names = np.array(labels)
    is_it, is_crisis = names == label, np.char.startswith(names, CRISIS_PREFIX)
    intents = np.where(is_it | is_crisis, 0, probabilities)
    room = 1 - np.where(is_crisis, probabilities, 0).sum(axis=1, keepdims=True)
    shared = np.where(is_crisis, probabilities, intents * room / np.maximum(intents.sum(axis=1, keepdims=True), 1e-12))
    return probabilities[:, is_it].sum(axis=1), shared[:, ~is_it], names[~is_it].tolist()


def thresholds(outcome: Outcome, in_lexicon: np.ndarray) -> Dict[str, float]:
    """`answer`, `clarify`: of the first-ranked intent; those of crises: of all crisis classes together.

    `in_lexicon`: in which texts the lexicon finds a crisis.
    """
    labels = np.array(outcome.labels)
    is_crisis = np.char.startswith(labels, CRISIS_PREFIX)
    alarm = outcome.probabilities[:, is_crisis].sum(axis=1)
    asked = np.isin(outcome.truth, labels[~is_crisis])
    questions = Outcome(outcome.probabilities[asked][:, ~is_crisis], outcome.truth[asked], labels[~is_crisis])
    crises = np.char.startswith(outcome.truth, CRISIS_PREFIX)
    return {**_of_questions(questions), **_of_crises(alarm[crises], in_lexicon[crises])}


def _of_questions(outcome: Outcome) -> Dict[str, float]:
    labels = np.array(outcome.labels)
    ranked = labels[np.argsort(-outcome.probabilities, axis=1)[:, :SUGGESTIONS]]
    first, right = outcome.probabilities.max(axis=1), ranked[:, 0] == outcome.truth
    named, strange = (ranked == outcome.truth[:, None]).any(axis=1), outcome.truth == OUT_OF_SCOPE
    answered = np.where(right, 0, WRONG)
    clarified = np.where(strange | named, CLARIFIED, CLARIFIED + REPEATED)
    refused = np.where(strange, 0, REPEATED)

    def cost(answer: float, clarify: float) -> float:
        return float(np.where(first >= answer, answered, np.where(first >= clarify, clarified, refused)).mean())

    answer, clarify = _cheapest(cost)
    return {"answer": answer, "clarify": clarify}


def _of_crises(alarm: np.ndarray, in_lexicon: np.ndarray) -> Dict[str, float]:
    """No thresholds when there are no crises."""
    if not len(alarm):
        return {}
    shown = _reached_by(np.where(in_lexicon, 1, alarm), SHOWN)
    denied = DENIED * float(alarm[in_lexicon].min()) if in_lexicon.any() else 0.0
    return {"crisis": shown, "crisis_offered": min(_reached_by(alarm, OFFERED), shown), "crisis_denied": denied}


def _reached_by(alarm: np.ndarray, share: float) -> float:
    """The highest number, in hundredths, that so many reach."""
    missed = floor(len(alarm) * (1 - share) + 1e-9)
    return floor(np.sort(alarm)[missed] * 100) / 100


def _cheapest(cost: Callable[[float, float], float]) -> Tuple[float, float]:
    """The higher and the lower of two thresholds; of equally cheap pairs the one in the middle."""
    pairs = [(float(high), float(low)) for high in _STEPS for low in _STEPS if low <= high]
    costs = np.array([cost(*pair) for pair in pairs])
    best = np.flatnonzero(costs <= costs.min() + 1e-9)
    return pairs[best[len(best) // 2]]
