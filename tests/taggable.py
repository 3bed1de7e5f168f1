"""Which resource types take tags: read from the installed pulumi_aws classes, not from a list of ours."""

from __future__ import annotations

import functools
import importlib
import inspect
import keyword


@functools.cache
def takes_tags(token: str) -> bool:
    """Whether the class of an `aws:module/name:Class` token has a `tags` argument that is a map."""
    package, module, name = token.split(":")
    if package != "aws":
        return False
    room = module.split("/")[0]
    room += "_" if keyword.iskeyword(room) else ""
    home = importlib.import_module("pulumi_aws" if room == "index" else f"pulumi_aws.{room}")
    made = getattr(home, name)
    signature = inspect.signature(made._internal_init)
    return "tags" in signature.parameters and "Mapping" in str(signature.parameters["tags"].annotation)
