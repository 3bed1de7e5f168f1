"""The sandbox's own paths of the clock: `POST /sandbox/clock/<verb>` with a JSON object.

start    {"pace": 0.5, "without": ["shop"]}          begin; pace says where in each figure's range durations lie; the systems
         named stand still
advance  {"seconds": 5, "known": 12}                 let time pass; answers what happened after the first 12 lines
steps    {"seconds": 5, "times": 12, "known": 12, "then": {...}}   the same again and again, until something happens or an answer of
         `request`, `capacity` or `spoilt` is another one than that of the step before: what was answered, step by step
note     {"who": "drill", "what": "...", "where": ""} write a line of the timeline
request  {"host": "...", "row": 17}                  ask a host to write a row; instead of the host {"name": {"zone": ID, "name": "...",
         "region": "..."}}, which a resolver of that region is asked for; answers with the host as well. With "keeps": 60 and
         "until": 70 the host is asked until then, and what the resolver answers then for so many seconds
write    {"host": "...", "row": 17, "times": 60, "every": 1, "known": 12}   let time pass and ask a host to write a row, one row after
         the other
before   {"host": "...", "rows": [[0, -300], ...]}    numbers and moments of rows that were acknowledged before the clock was started
backups  {"arrives": 130} or {"begins": 130}          plans have run until now; their next copy arrives, or their next run begins, that
         many seconds from now
put-back {"into": ARN, "out-of": ARN}                 somebody copies rows back, by SQL, out of a restored cluster
rows     {"host": "..."}                             numbers of the rows that the application behind a load balancer sees, and which
         of its stores only reads
spoilt   {"host": "..."}                             whether that application sees any corrupted row
capacity {"host": "...", "inner": "..."}             instances behind a load balancer, and behind the next one: healthy, required
records  {"zone": ID, "name": "..."}                  what the records of a name follow
break    {"region"|"zone": NAME}, {"instance"|"database": ID, "in": REGION}, {"rows": ARN},
         {"version": "2", "of": ARN of a function}, {"release": ARN of a task definition, "how": "checks"|"requests"};
         with "controls": false the control planes that live in a region outlive it
mend     {"region"|"zone": NAME}
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from sandbox.aws.client import ACCOUNT
from sandbox.aws.clockwork import (
    alarms,
    backups,
    checkers,
    databases,
    instances,
    looks,
    losses,
    machines,
    requests,
    rows,
    scaling,
    schedules,
    scope,
    stores,
    targets,
    tasks,
)
from sandbox.aws.clockwork.clock import CLOCK, figures, pace_of, who_asks
from sandbox.aws.extensions import stepfunctions

Document = dict[str, Any]

_TOLD: dict[str, Any] = {}
"""What the last step's answers said of how the system is."""


def prepare() -> None:
    """Load what the clock needs, before it is started."""
    from moto.apigatewayv2.models import apigatewayv2_backends
    from moto.ecs.models import ecs_backends

    # Asked of any system's clock; which regions they are in is read when they are first asked.
    for backends_of in (apigatewayv2_backends, ecs_backends):
        backends_of[ACCOUNT]
    figures()
    stepfunctions.prepare()
    who_asks()


def _start(given: Document) -> Document:
    CLOCK.start(pace_of(given))
    _TOLD.clear()
    scope.leave_out(given.get("without", ()))
    # Checkers ask load balancers, which ask instances: each begins with what the one before it shows.
    for part in (stores, instances, tasks, targets, checkers, scaling, alarms, machines, schedules):
        part.start()
    return {"now": CLOCK.now, "epoch": CLOCK.epoch.isoformat()}


def _advance(given: Document) -> Document:
    if not CLOCK.running:
        raise ValueError("the clock isn't running: start it first")
    CLOCK.advance(float(given["seconds"]))
    known = int(given.get("known", 0))
    then = {verb: _VERBS[verb](asked) for verb, asked in given.get("then", {}).items()}
    return {"now": CLOCK.now, "timeline": CLOCK.since(known), **then}


def _steps(given: Document) -> Document:
    steps: list[Document] = []
    then = given["then"]
    for _ in range(int(given["times"])):
        steps.append(_advance(given))
        before, _TOLD["last"] = _TOLD.get("last"), _matters(steps[-1])
        if steps[-1]["timeline"] or before != _TOLD["last"]:
            break
        if "request" in then:
            then["request"]["row"] += 1
    return {"steps": steps}


def _matters(step: Document) -> tuple[Any, ...]:
    """What a step's answers say of how the system is; which of its servers answers is by turns."""
    request = step.get("request", {})
    return (
        request.get("status"),
        bool(request.get("said")),
        request.get("region"),
        step.get("capacity"),
        step.get("spoilt"),
    )


def _note(given: Document) -> Document:
    CLOCK.note(str(given["who"]), str(given["what"]), str(given.get("where", "")))
    return {}


def _backups(given: Document) -> Document:
    said = {key: float(given[key]) for key in ("arrives", "begins") if key in given}
    return {"rules": backups.have_run(**said)}


def _put_back(given: Document) -> Document:
    into, out_of = (databases.by_arn(str(given[key])) for key in ("into", "out-of"))
    if into is None or out_of is None:
        raise ValueError("put-back got an ARN that no cluster has")
    CLOCK.after(CLOCK.lasts("dsql.copy_back"), lambda: rows.put_back(into, out_of))
    return {}


def _request(given: Document) -> Document:
    row = given.get("row")
    path = str(given.get("path", "/"))
    if "name" in given and CLOCK.now >= float(given.get("until", CLOCK.now)):
        given |= {  # kept there for the next of several steps
            "host": looks.resolved(given["name"]),
            "until": CLOCK.now + float(given.get("keeps", 0)),
        }
    host = str(given["host"])
    answer = requests.request(host, path, None if row is None else int(row), client=True)
    return {**answer.shown(), "host": host}


def _write(given: Document) -> Document:
    first, every = int(given["row"]), float(given["every"])
    answers = []
    for row in range(first, first + int(given["times"])):
        CLOCK.advance(every)
        answers.append({"at": CLOCK.now, **_request({"host": given["host"], "row": row})})
    return {"now": CLOCK.now, "timeline": CLOCK.since(int(given.get("known", 0))), "answers": answers}


def _break(given: Document) -> Document:
    losses.lose(given)
    return {}


def _mend(given: Document) -> Document:
    losses.mend(given)
    return {}


_VERBS: Mapping[str, Callable[[Document], Document]] = {
    "start": _start,
    "advance": _advance,
    "steps": _steps,
    "note": _note,
    "request": _request,
    "write": _write,
    "before": looks.before,
    "backups": _backups,
    "put-back": _put_back,
    "rows": looks.rows,
    "spoilt": looks.spoilt,
    "capacity": looks.capacity,
    "records": looks.records,
    "break": _break,
    "mend": _mend,
}


def handle(verb: str, body: bytes) -> tuple[int, Any]:
    """Carry out a verb: status and answer."""
    act = _VERBS.get(verb)
    if act is None:
        return HTTPStatus.NOT_FOUND, {"error": f"clock has no {verb!r}: allowed are {', '.join(_VERBS)}"}
    try:
        return HTTPStatus.OK, act(dict(json.loads(body or b"{}")))
    except KeyError as error:
        return HTTPStatus.BAD_REQUEST, {"error": f"{verb} needs {error}"}
    except (ValueError, TypeError, RuntimeError) as error:
        return HTTPStatus.BAD_REQUEST, {"error": str(error)}
