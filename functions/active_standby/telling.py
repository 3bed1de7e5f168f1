"""Says what was done: a line of JSON in the log, metrics in the same line, messages to the topic.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

NAMESPACE, DIMENSION = "Holdfast/ActiveStandby", "Pair"
UNITS = {
    "Swaps": "Count",
    "SwapSeconds": "Seconds",
    "Serving": "Count",
    "StandbyHealthy": "Count",
    "Paused": "Count",
    "Refused": "Count",
}
"""By metric."""
_LONGEST = 100
"""Characters of a subject. https://docs.aws.amazon.com/sns/latest/api/API_Publish.html"""


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


@dataclass
class Voice:
    """Where the pair's lines, metrics and messages go."""

    pair: str
    topic: str
    notifications: Any
    wall: Callable[[], float]
    invocation: str = ""
    write: Callable[[str], None] = _print
    _messages: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def say(self, what: str, **more: Any) -> None:
        """Write a line."""
        self.write(json.dumps({**self._head(what), **more}))

    def measure(self, what: str, metrics: dict[str, float], **more: Any) -> None:
        """Write a line with metrics. Raises KeyError for one that UNITS hasn't."""
        described = {
            "Timestamp": round(self.wall() * 1000),
            "CloudWatchMetrics": [
                {
                    "Namespace": NAMESPACE,
                    "Dimensions": [[DIMENSION]],
                    "Metrics": [{"Name": name, "Unit": UNITS[name]} for name in metrics],
                }
            ],
        }
        self.write(json.dumps({"_aws": described, **self._head(what), **more, **metrics}))

    def message(self, subject: str, **more: Any) -> None:
        """Keep a message until `flush`: what is under way must not wait for it."""
        self._messages.append((subject, more))

    def flush(self) -> None:
        """Send what was kept. A topic that fails is said, and stops nothing."""
        while self._messages:
            subject, more = self._messages.pop(0)
            try:
                self.notifications.publish(
                    TopicArn=self.topic,
                    Subject=f"{self.pair}: {subject}"[:_LONGEST],
                    Message=json.dumps({**self._head(subject), **more}, indent=1),
                )
            except (ClientError, BotoCoreError) as error:
                self.say("message not sent", subject=subject, error=str(error))

    def _head(self, what: str) -> dict[str, Any]:
        return {DIMENSION: self.pair, "what": what, "invocation": self.invocation}
