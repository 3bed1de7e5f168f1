"""What a command came to, and how a person or a machine is told."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from policies.recovery import Report, Settings, render_html
from sandbox.arguments import addressed
from sandbox.aws import server
from sandbox.engines.model import StackResult
from sandbox.report.document import document
from sandbox.report.recovery import judged, missing
from sandbox.report.summary import REFRESHED, not_judged, recovery_table, summarize, way_in

WHOLE = ("up", "preview")
"""Commands whose every stack is shown; the others show what failed."""
JUDGED = (*WHOLE, "report")
"""Commands that know a stack's resources, and so its recovery."""


@dataclass
class Outcome:
    """Filled while a command is carried out."""

    command: str
    engine: str = ""
    asked: list[str] = field(default_factory=list)
    """Names of the stacks that the command is about."""
    results: list[StackResult] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    objectives: Settings | None = None
    """What the estimator goes by; its defaults where nothing is given."""
    end: str = "python -m sandbox down"
    """The command that ends the AWS."""

    @property
    def good(self) -> bool:
        """Whether the command did what was asked of it."""
        done = bool(self.results) or self.command == "down"
        return done and not self.errors and all(result.ok for result in self.results)

    def recovery(self) -> Report | None:
        """The judgement of all stacks together; None where the command knows nothing of it, or not of all of them."""
        return judged(self.results, self.asked, self.objectives) if self.command in JUDGED else None

    def address(self, root: Path, state: Path) -> None:
        """Make commands in messages reach this project and this state."""
        self.end = addressed(self.end, root, state)
        self.errors = [addressed(error, root, state) for error in self.errors]
        for result in self.results:
            result.errors = [addressed(error, root, state) for error in result.errors]

    def tell(
        self, console: Console, seconds: float, page: Path | None, *, as_json: bool, state: Path
    ) -> None:
        """Write the page and print the rest. `page` is where the page goes."""
        report = self.recovery()
        if report is not None and page is not None:
            page.write_text(render_html(report), encoding="utf-8")
        if as_json:
            print(json.dumps(document(self.engine, seconds, self.results, self.errors, report), indent=1))
            return
        if self.command == "refresh":
            summarize(console, [r for r in self.results if r.drift or not r.ok], REFRESHED)
        else:
            summarize(console, [r for r in self.results if self.command in WHOLE or not r.ok])
        self._tell_recovery(console, report, page)
        if self.command == "up":
            self._tell_aws(console, state)
        for message in self.errors:
            console.print(f"[red]error:[/] {escape(message)}", highlight=False, soft_wrap=True)
        done = "done" if self.good else "[red]failed[/]"
        console.print(f"{self.command} {done} in {seconds:.1f} s", highlight=False)

    def _tell_recovery(self, console: Console, report: Report | None, page: Path | None) -> None:
        if report is not None:
            recovery_table(console, report, planned=all(result.preview for result in self.results))
            if page is not None:
                console.print(f"page: {escape(str(page))}", highlight=False, soft_wrap=True)
        elif self.command in JUDGED and self.results:
            not_judged(console, missing(self.results, self.asked))

    def _tell_aws(self, console: Console, state: Path) -> None:
        running = server.running(state)
        if not self.good and all(result.preview for result in self.results):
            console.print("Nothing was created.")
        elif self.good and running is not None:
            way_in(console, running.endpoint, "us-east-1", state, self.end)
