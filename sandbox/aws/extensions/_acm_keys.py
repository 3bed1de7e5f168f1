"""ACM's certificates have one key, made once a process: each took a tenth of a second to make a key of its own and to look through it."""

from __future__ import annotations

import functools
from types import SimpleNamespace
from typing import Any

import cryptography.x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from moto.acm import models

_made: dict[bytes, Any] = {}
"""Keys by their text, as moto writes it."""


@functools.cache
def _make(**asked: Any) -> Any:
    made = rsa.generate_private_key(**asked)
    _made[made.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())] = made
    return made


def _read(original: Any) -> Any:
    @functools.wraps(original)
    def validate_pk(self: models.CertBundle) -> Any:
        return _made.get(self.key) or original(self)

    return validate_pk


def install() -> None:
    """Have ACM alone, of all that make keys, keep its own."""
    asymmetric = SimpleNamespace(rsa=SimpleNamespace(generate_private_key=_make))
    models.cryptography = (
        SimpleNamespace(  # the part of the package that moto's module goes through by its name
            x509=cryptography.x509, hazmat=SimpleNamespace(primitives=SimpleNamespace(asymmetric=asymmetric))
        )
    )
    models.CertBundle.validate_pk = _read(models.CertBundle.validate_pk)
