"""Looks from one region whether another one answers, again and again within a minute, and writes what it saw as a number.

It is 1 when no look was answered, and 0 as soon as one was. It is nothing when a third place didn't answer either: then it is this
region's way out that is lost, and who sees nothing sees no loss.
It calls its own region's CloudWatch, the other region's public name and the third place, and so works while the other region doesn't. A
look at the other region is answered by status 200 over TLS that is verified: the page of last resort, which takes the name over, says
503. Of the third place any status will do: it is asked whether it can be reached, not how it is.

Environment: URL, THIRD (a URL in a region that is neither), NAMESPACE, METRIC and DIMENSIONS, a JSON object of names and values.
"""

from __future__ import annotations

import http.client
import json
import logging
import os
import threading
import urllib.error
import urllib.request
from collections import deque
from typing import Any

import boto3

SECONDS = 45
"""How long it looks: less than the function may take, whatever a look waits for, names and handshakes too."""
PAUSE_SECONDS, WAIT_SECONDS = 5, 4
"""Between two looks, and for an answer."""
LAST_LOOKS = 3
"""At the third place: one of them must be answered."""
OK = 200

log = logging.getLogger(__name__)
log.setLevel(logging.INFO)


def answers(url: str) -> bool:
    """Whether somebody answers there as they should."""
    try:
        with urllib.request.urlopen(url, timeout=WAIT_SECONDS) as found:  # noqa: S310  the program's own https URL
            return bool(found.status == OK)
    except (OSError, http.client.HTTPException) as error:
        log.info("%s does not answer: %s", url, error)
        return False


def reached(url: str) -> bool:
    """Whether anybody is there, whatever they say."""
    try:
        with urllib.request.urlopen(url, timeout=WAIT_SECONDS):  # noqa: S310  the program's own https URL
            return True
    except urllib.error.HTTPError:
        return True
    except (OSError, http.client.HTTPException) as error:
        log.info("%s can't be reached: %s", url, error)
        return False


def lost(url: str, third: str) -> bool | None:
    """Whether no look is answered in time; None when the last looks at the third place weren't either."""
    over, answered = threading.Event(), threading.Event()
    elsewhere = deque([False] * LAST_LOOKS, LAST_LOOKS)

    def look() -> None:
        while not over.is_set():
            if answers(url):
                answered.set()
                return
            over.wait(PAUSE_SECONDS)

    def look_elsewhere() -> None:
        while not over.is_set():
            elsewhere.append(reached(third))
            over.wait(PAUSE_SECONDS)

    for each in (look, look_elsewhere):
        threading.Thread(target=each, daemon=True).start()
    found = answered.wait(SECONDS)
    over.set()
    if found:
        return False
    return True if any(elsewhere) else None


def handler(_event: Any, _context: Any) -> dict[str, int]:
    """Look, and write what was seen, if anything was."""
    seen = lost(os.environ["URL"], os.environ["THIRD"])
    if seen is None:
        log.warning(
            "neither %s nor %s can be reached: nothing is seen", os.environ["URL"], os.environ["THIRD"]
        )
        return {"blind": 1}
    value = int(seen)
    dimensions = json.loads(os.environ["DIMENSIONS"])
    boto3.client("cloudwatch").put_metric_data(
        Namespace=os.environ["NAMESPACE"],
        MetricData=[
            {
                "MetricName": os.environ["METRIC"],
                "Dimensions": [{"Name": name, "Value": given} for name, given in sorted(dimensions.items())],
                "Value": value,
            }
        ],
    )
    return {"lost": value}
