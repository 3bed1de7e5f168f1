"""The rule of a composite alarm: a boolean expression over the states of other alarms.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

Evaluate = Callable[[Callable[[str], str]], bool]
"""Given the state of an alarm by name, whether the rule holds."""

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<function>ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"(?P<quoted>[^"]+)"|(?P<bare>[^\s"()][^"()]*?))\s*\)
      | (?P<word>AND|OR|NOT|TRUE|FALSE)\b
      | (?P<parenthesis>[()])
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Rule:
    """A parsed rule: what it says of given states, and the names of the alarms it looks at."""

    holds: Evaluate
    children: tuple[str, ...]


@dataclass
class _Parser:
    text: str
    at: int = 0
    children: list[str] = field(default_factory=list)

    def fail(self, wanted: str) -> ValueError:
        return ValueError(f"AlarmRule: expected {wanted} at position {self.at} of {self.text!r}")

    def peek(self) -> re.Match[str] | None:
        return _TOKEN.match(self.text, self.at)

    def take(self, word: str) -> bool:
        token = self.peek()
        if token is None or word not in (token["word"], token["parenthesis"]):
            return False
        self.at = token.end()
        return True

    def either(self) -> Evaluate:
        parts = [self.both()]
        while self.take("OR"):
            parts.append(self.both())
        return lambda state: any(part(state) for part in parts)

    def both(self) -> Evaluate:
        parts = [self.one()]
        while self.take("AND"):
            parts.append(self.one())
        return lambda state: all(part(state) for part in parts)

    def one(self) -> Evaluate:
        if self.take("NOT"):
            inner = self.one()
            return lambda state: not inner(state)
        if self.take("("):
            inner = self.either()
            if not self.take(")"):
                raise self.fail("')'")
            return inner
        if self.take("TRUE"):
            return lambda _state: True
        if self.take("FALSE"):
            return lambda _state: False
        token = self.peek()
        if token is None or token["function"] is None:
            raise self.fail("ALARM(), OK(), INSUFFICIENT_DATA(), TRUE, FALSE, NOT or '('")
        self.at = token.end()
        wanted, name = token["function"], (token["quoted"] or token["bare"]).split(":alarm:")[-1]
        self.children.append(name)
        return lambda state: state(name) == wanted


def parse(text: str) -> Rule:
    """Parse a rule. Raises ValueError, with the position, when it is none."""
    parser = _Parser(text)
    holds = parser.either()
    if text[parser.at :].strip():
        raise parser.fail("AND, OR or the end")
    return Rule(holds=holds, children=tuple(dict.fromkeys(parser.children)))
