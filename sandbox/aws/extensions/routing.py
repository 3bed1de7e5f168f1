"""URL rules are compiled by one thread at a time.

werkzeug builds syntax trees for them, moto does so while it answers, and CPython's count of a tree's depth is shared by all threads:
two at once end in `SystemError: AST constructor recursion depth mismatch` (https://github.com/python/cpython/issues/106905).
"""

from __future__ import annotations

import threading
from typing import Any


def install() -> None:
    """Guard the compilation of rules by a lock."""
    from werkzeug.routing.rules import Rule

    lock, original = threading.RLock(), Rule._compile_builder  # noqa: SLF001  mended from outside

    def guarded(self: Rule, *args: Any, **kwargs: Any) -> Any:
        with lock:
            return original(self, *args, **kwargs)

    Rule._compile_builder = guarded  # noqa: SLF001
