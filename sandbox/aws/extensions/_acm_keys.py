"""ACM's certificates have one key, made once a process and looked through once: each took a tenth of a second for a key of its own."""

from __future__ import annotations

import functools
from types import SimpleNamespace
from typing import Any

import cryptography.x509
from cryptography.hazmat.primitives.asymmetric import rsa
from moto.acm import models


def _checked(original: Any) -> Any:
    @functools.lru_cache(64)
    def key(pem: bytes) -> Any:
        return original(SimpleNamespace(key=pem))  # all that it looks at

    def validate_pk(self: models.CertBundle) -> Any:
        return key(self.key)

    return validate_pk


def install() -> None:
    """Have ACM alone, of all that make keys, keep its own."""
    kept = SimpleNamespace(generate_private_key=functools.cache(rsa.generate_private_key))
    asymmetric = SimpleNamespace(asymmetric=SimpleNamespace(rsa=kept))
    models.cryptography = (
        SimpleNamespace(  # the part of the package that moto's module goes through by its name
            x509=cryptography.x509, hazmat=SimpleNamespace(primitives=asymmetric)
        )
    )
    models.CertBundle.validate_pk = _checked(models.CertBundle.validate_pk)
