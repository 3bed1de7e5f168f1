"""Looks from one region whether another one answers, again and again within a minute, and writes what it saw as a number.

It is 1 when no look was answered, and 0 as soon as one was.
It calls its own region's CloudWatch and the other region's public name, and so works while the other region doesn't. A look is answered
by status 200 over TLS that is verified: the page of last resort, which takes the name over, says 503.

Environment: URL, NAMESPACE, METRIC and DIMENSIONS, a JSON object of names and values.
"""

from __future__ import annotations

import http.client
import json
import logging
import os
import threading
import urllib.request
from typing import Any

import boto3

SECONDS = 45
"""How long it looks: less than the function may take, whatever a look waits for, names and handshakes too."""
PAUSE_SECONDS, WAIT_SECONDS = 5, 4
"""Between two looks, and for an answer."""
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


def lost(url: str) -> bool:
    """Whether no look is answered in time."""
    over, answered = threading.Event(), threading.Event()

    def look() -> None:
        while not over.is_set():
            if answers(url):
                answered.set()
                return
            over.wait(PAUSE_SECONDS)

    threading.Thread(target=look, daemon=True).start()
    found = answered.wait(SECONDS)
    over.set()
    return not found


def handler(_event: Any, _context: Any) -> dict[str, int]:
    """Look, and write what was seen."""
    value = int(lost(os.environ["URL"]))
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
