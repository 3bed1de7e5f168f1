"""What the engine starts: serves the pack's rules until the engine closes it."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path


def _named() -> None:
    """Make this folder the package `policies`, whatever it is called where it was installed."""
    here = Path(__file__).resolve().parent
    spec = importlib.util.spec_from_file_location(
        "policies", here / "__init__.py", submodule_search_locations=[str(here)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"{here} is no policy pack: it has no __init__.py")
    sys.modules["policies"] = package = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(package)


if __name__ == "__main__":
    _named()
    from policies.rules import RULES
    from policies.rules.kernel.server import serve

    serve(name="holdfast", rules=RULES)
