"""What builds URLs is compiled one at a time, however many threads answer, and when one is built."""

from __future__ import annotations

import threading
import time
from typing import Any

from werkzeug.routing import Map, Rule
from werkzeug.routing import rules as compiler


def map_of(*paths: str) -> Any:
    return Map([Rule(path, endpoint=path) for path in paths]).bind("x")


def test_rules_that_are_matched_build_no_url(aws_server: Any, monkeypatch: Any) -> None:
    compiled = []
    real = compiler._prefix_names
    monkeypatch.setattr(compiler, "_prefix_names", lambda *args: compiled.append(args) or real(*args))
    found = map_of("/<one>/<path:two>", "/<int:one>")
    assert found.match("/a/b/c") == ("/<one>/<path:two>", {"one": "a", "two": "b/c"})
    assert compiled == []
    for _ in range(2):
        assert (
            found.build("/<one>/<path:two>", {"one": "a b", "two": "c/d", "rule": "x"}) == "/a%20b/c/d?rule=x"
        )
        assert found.build("/<int:one>", {"one": 5}, append_unknown=False) == "/5"
    once = len(compiled)
    found.build("/<int:one>", {"one": 6}, append_unknown=False)
    assert len(compiled) == once > 0


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
        threading.Thread(target=lambda: map_of("/<one>/<two>").build("/<one>/<two>", {"one": 1, "two": 2}))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most[0] == 1
