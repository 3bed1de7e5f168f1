"""What moto lacks and the program needs, one module a service.

Every module of this package has `install() -> None`, which patches moto from outside and may be called once a process. A module that
keeps state of its own beside moto's backends also has `reset() -> None`, called whenever the whole AWS is emptied.
"""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

_installed: dict[str, ModuleType] = {}


def install_all() -> list[str]:
    """Install every extension once and return their names in order.

    Raises AttributeError when a module of the package has no `install`: such a module would be silently without effect.
    """
    for found in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        if found.name.startswith("_") or found.name in _installed:
            continue
        module = importlib.import_module(f"{__name__}.{found.name}")
        module.install()
        _installed[found.name] = module
    return list(_installed)


def reset_all() -> None:
    """Empty the state that extensions keep beside moto's own."""
    for module in _installed.values():
        if hasattr(module, "reset"):
            module.reset()
