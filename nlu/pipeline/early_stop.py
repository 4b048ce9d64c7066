"""Stopping before convergence regularises: scikit-learn need not warn of it."""

import warnings
from contextlib import contextmanager
from typing import Iterator

from sklearn.exceptions import ConvergenceWarning


@contextmanager
def stopping_early() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        yield
