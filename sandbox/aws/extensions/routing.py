"""What builds a URL from a URL rule is compiled when a URL is built, by one thread at a time.

werkzeug compiles it for each rule that it learns, from syntax trees, which takes longer than all else a service's first call does; moto
matches requests and builds none. And it does so while it answers, and CPython's count of a tree's depth is shared by all threads: two at
once end in `SystemError: AST constructor recursion depth mismatch` (https://github.com/python/cpython/issues/106905).
"""

from __future__ import annotations

import functools
import threading
from typing import Any


def install() -> None:
    """Have it compiled late, guarded by a lock."""
    from werkzeug.routing.rules import Rule

    lock, original = threading.RLock(), Rule._compile_builder  # noqa: SLF001  mended from outside

    def late(self: Rule, append_unknown: bool = True) -> Any:
        @functools.cache
        def compiled() -> Any:
            with lock:
                return original(self, append_unknown)

        return lambda rule, /, **values: compiled()(rule, **values)

    Rule._compile_builder = late  # noqa: SLF001
