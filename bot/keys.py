"""Keys made from the one secret: sealing of addresses, look-up hashes, tokens."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


@dataclass(frozen=True)
class Keys:
    """Everything secret about one installation. Losing it loses the addresses of open conversations, no more."""

    secret: bytes

    def seal(self, text: str) -> str:
        """Encrypt; only this installation can read it again."""
        return Fernet(self._derive(b"seal")).encrypt(text.encode()).decode()

    def unseal(self, sealed: str) -> str:
        return Fernet(self._derive(b"seal")).decrypt(sealed.encode()).decode()

    def fingerprint(self, text: str) -> str:
        """A keyed hash to look up by: without the secret a small space such as chat ids cannot be tried through."""
        return hmac.new(self._derive(b"fingerprint"), text.encode(), hashlib.sha256).hexdigest()

    def _derive(self, purpose: bytes) -> bytes:
        return urlsafe_b64encode(HKDF(SHA256(), 32, salt=None, info=b"kaspa " + purpose).derive(self.secret))


def new_token() -> str:
    """256 random bits, safe in a header."""
    return secrets.token_urlsafe(32)


def new_id() -> str:
    """128 random bits."""
    return secrets.token_urlsafe(16)


def token_hash(token: str) -> str:
    """What the database holds instead of a token; tokens are random, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def load_keys(given: str | None, data: Path) -> Keys:
    """The keys from KASPA_SECRET, else from the file `secret` in the data folder, made (0600) at the first start."""
    if given:
        return Keys(given.encode())
    path = data / "secret"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return Keys(path.read_bytes().strip())
    with os.fdopen(handle, "w") as file:
        file.write(new_token())
    return Keys(path.read_bytes().strip())
