"""A command of the CLI at work, and the order in which an engine plans stacks: without the CLI."""

from __future__ import annotations

import json
import sys
import time
from contextlib import contextmanager

import pytest

from sandbox.engines.model import EngineError, StackChoice, StackResult
from sandbox.engines.pulumi_cli import engine as engines
from sandbox.engines.pulumi_cli import work as works
from sandbox.engines.pulumi_cli.stack import _Warnings
from sandbox.engines.pulumi_cli.work import Work
from tests.sandbox.projects import project

# A shell's background job, as the tests may be, ignores interrupts and hands that down.
WRITES = """
import json, signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
events = open(sys.argv[sys.argv.index("--event-log") + 1], "a")
for number in range(3):
    print("said", number, flush=True)
    events.write(json.dumps({"number": number}) + "\\n")
    events.flush()
    time.sleep(0.2)
events.write('{"number": ')
events.flush()
time.sleep(0.2)
events.write("3}\\n")
events.close()
sys.exit(7)
"""
STUBBORN = """
import signal, sys, time
signal.signal(signal.SIGINT, (lambda *_: sys.exit(3)) if "polite" in sys.argv else signal.SIG_IGN)
print("ready", flush=True)
time.sleep(60)
"""


def begin(tmp_path, program, *arguments):
    return Work([sys.executable, "-c", program, *arguments], tmp_path, {}, tmp_path / "my.stack-preview")


@pytest.mark.parametrize("late", [False, True], ids=["at once", "after its end"])
def test_every_event_is_told_whenever_somebody_follows(tmp_path, late):
    found = []
    with begin(tmp_path, WRITES) as work:
        if late:
            work._process.wait(timeout=30)
        status, printed = work.follow(lambda event: found.append(event["number"]))
    assert (status, found, printed.split("\n")[:3]) == (7, [0, 1, 2, 3], ["said 0", "said 1", "said 2"])
    assert [json.loads(line)["number"] for line in (tmp_path / "my.stack-preview.events").open()] == found


@pytest.mark.parametrize(("manner", "status"), [("polite", 3), ("stubborn", -9)])
def test_what_nobody_wants_any_more_is_ended(tmp_path, monkeypatch, manner, status):
    monkeypatch.setattr(works, "_PATIENCE_SECONDS", 0.5 if manner == "stubborn" else 20)
    with begin(tmp_path, STUBBORN, manner) as work:
        while "ready" not in (tmp_path / "my.stack-preview.txt").read_text():
            time.sleep(0.02)
    assert work._process.returncode == status


def test_a_failure_while_following_ends_the_command(tmp_path):
    def fail(_event):
        raise EngineError("no")

    with pytest.raises(EngineError), begin(tmp_path, WRITES.replace("0.2", "20")) as work:
        work.follow(fail)
    assert work._process.returncode is not None


def test_a_providers_warnings_wait_for_their_stacks_turn_and_come_once():
    told = []
    warnings = _Warnings("dr", told.append)
    warnings("first")
    assert told == []
    for _ in range(2):
        warnings.speak()
        warnings("first")
        warnings("second")
    assert [(event.stack, event.message) for event in told] == [
        ("dr", "warning: first"),
        ("dr", "warning: second"),
    ]


class Stacks:
    """Stands in for `StackWork`: writes down what is asked of each stack. `changes` are those whose plan changes something."""

    def __init__(self, changes=(), fails=()):
        self.done, self.changes, self.fails, self.begun = [], changes, fails, set()

    def __call__(self, _cli, choice, *_):
        made = Stack()
        made.all, made.name = self, choice.name
        return made


class Stack:
    @contextmanager
    def at_hand(self):
        yield

    def begin(self):
        if self.name not in self.all.begun:
            self.all.begun.add(self.name)
            self.all.done.append(f"begin {self.name}")

    def forget(self):
        if self.name in self.all.begun:
            self.all.begun.remove(self.name)
            self.all.done.append(f"forget {self.name}")

    def plan(self):
        self.all.done.append(f"plan {self.name}")
        errors = ["no"] if self.name in self.all.fails else []
        return StackResult(self.name, errors=errors, preview=True), self.name not in self.all.changes

    def update(self):
        self.all.done.append(f"update {self.name}")
        return StackResult(self.name)


class Cli:
    """Stands in for the CLI: it knows the names of the stacks that have a state."""

    def __init__(self, stacks, done):
        self.known, self.done = stacks, done

    def stacks(self):
        return list(self.known)

    def init(self, name):
        self.known.append(name)
        self.done.append(f"init {name}")

    def remove(self, name):
        self.known.remove(name)
        self.done.append(f"remove {name}")


@pytest.fixture
def order(tmp_path, monkeypatch):
    """What is asked of the stacks a, b and c, in its order, and the results."""

    def run(command, known="abc", processors=2, **more):
        stacks = Stacks(**more)
        monkeypatch.setattr(engines, "StackWork", stacks)
        monkeypatch.setattr(engines, "Cli", lambda *_: Cli(list(known), stacks.done))
        monkeypatch.setattr(engines.libraries, "load", lambda _: None)
        monkeypatch.setattr(engines.os, "cpu_count", lambda: processors)
        monkeypatch.setattr(engines.PulumiEngine, "_aws", lambda *_: None)
        monkeypatch.setattr(engines.PulumiEngine, "_own", lambda *_: None)
        root = project(tmp_path / "project", "", stacks={name: {} for name in "abc"})
        results = getattr(engines.PulumiEngine(root, tmp_path), command)(
            [StackChoice(name) for name in "abc"], lambda _: None
        )
        return stacks.done, [result.name for result in results]

    return run


@pytest.mark.parametrize("command", ["up", "preview"])
def test_plans_are_made_side_by_side_as_many_as_there_are_processors(order, command):
    done, results = order(command)
    assert done == ["begin a", "begin b", "plan a", "begin c", "plan b", "plan c"]
    assert results == ["a", "b", "c"]


def test_after_an_update_what_was_planned_beside_it_is_planned_anew(order):
    done, results = order("up", changes="a", processors=3)
    assert done[:8] == [
        "begin a",
        "begin b",
        "begin c",
        "plan a",
        "update a",
        "forget b",
        "forget c",
        "begin b",
    ]
    assert done[8:] == ["begin c", "plan b", "plan c"]
    assert results == ["a", "b", "c"]


def test_a_preview_changes_nothing_that_another_is_made_from(order):
    done, _ = order("preview", changes="abc", processors=3)
    assert done == ["begin a", "begin b", "begin c", "plan a", "plan b", "plan c"]


def test_nothing_is_planned_beside_a_new_stack(order):
    done, _ = order("up", known="a", changes="bc")
    assert done == ["plan a", "init b", "plan b", "update b", "init c", "plan c", "update c"]
    done, _ = order("preview", known="bc")
    assert done == ["init a", "plan a", "remove a", "begin b", "begin c", "plan b", "plan c"]


def test_the_first_stack_that_fails_is_the_last(order):
    done, results = order("up", fails="a")
    assert done == ["begin a", "begin b", "plan a"]
    assert results == ["a"]
