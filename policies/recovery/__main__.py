"""`python -m policies.recovery FILE... [--json | --html]`: judge the stacks in `pulumi stack export` files as one system."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from policies.graph.exports import from_export

from .page import render_html
from .report import Report, judge, table, undetermined, violations
from .settings import settings_from


def main(argv: Sequence[str] | None = None) -> int:
    """0 when all objectives can be met (or can't be judged yet), 1 when one can't, 2 when the input can't be read or judged."""
    parser = argparse.ArgumentParser(prog="python -m policies.recovery", description=__doc__)
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="output of `pulumi stack export`; - is standard input"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="the report as JSON")
    form.add_argument("--html", action="store_true", help="the report as an HTML page")
    parser.add_argument(
        "--config", metavar="FILE", help="JSON with tiers, default-tier, figures, data-gib, region"
    )
    args = parser.parse_args(argv)
    try:
        settings = settings_from(
            json.loads(Path(args.config).read_text(encoding="utf-8")) if args.config else {}
        )
        resources = [
            r for f in args.files for r in from_export(_read(f), "standard input" if f == "-" else f)
        ]
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{parser.prog}: {error}\n")
        return 2
    report = judge(resources, settings)
    if report.empty:
        where = ", ".join("standard input" if f == "-" else f for f in args.files)
        said = "".join(f"note: {note}\n" for note in report.notes)
        sys.stderr.write(
            f"{said}{parser.prog}: {where}: nothing to judge: no store, server or record that the estimator knows\n"
        )
        return 2
    sys.stdout.write(_shown(report, args))
    return 1 if violations(report) else 0


def _read(name: str) -> bytes:
    return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()


def _shown(report: Report, args: Any) -> str:
    if args.json:
        return json.dumps(report.as_json(), indent=2) + "\n"
    if args.html:
        return render_html(report)
    found = [*violations(report), *undetermined(report)]
    return table(report) + "".join(f"{v.verdict}: {v.name}: {v.message.rstrip('.')}.\n" for v in found)


if __name__ == "__main__":
    sys.exit(main())
