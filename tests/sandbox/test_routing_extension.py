"""Rules are compiled one at a time, however many threads answer."""

from __future__ import annotations

import threading
import time
from typing import Any

from werkzeug.routing import Map, Rule
from werkzeug.routing import rules as compiler


def test_no_two_threads_compile_a_rule_at_once(aws_server: Any, monkeypatch: Any) -> None:
    inside, most, count = [0], [0], threading.Lock()
    real = compiler._prefix_names

    def slow(*args: Any) -> Any:
        with count:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        time.sleep(0.01)
        with count:
            inside[0] -= 1
        return real(*args)

    monkeypatch.setattr(compiler, "_prefix_names", slow)
    threads = [
        threading.Thread(target=lambda: Map([Rule("/<one>/<two>", endpoint="x")]).update()) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most[0] == 1
