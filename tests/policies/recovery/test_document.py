"""docs/recovery.md has the figures and kinds that the estimator uses, and its example works."""

from __future__ import annotations

import json
import re

from policies.recovery import check, judge
from policies.recovery.document import DOCUMENT, fill
from policies.recovery.model import Verdict
from tests.policies.recovery.build import node
from tests.policies.recovery.systems import dr


def test_the_generated_parts_are_up_to_date() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert fill(text) == text, "run: python -m policies.recovery.document"


def test_the_example_is_read() -> None:
    blocks = re.findall(r"```json\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    own = next(b for b in map(json.loads, blocks) if "schema" in b)
    assert check(own) == []
    report = judge(dr(facts=[own]))
    assert node(report, "region", "db").option == "global database's member in us-west-2"
    assert node(report, "region", "web").option == "members in us-west-2"
    assert node(report, "region", "files").verdict is Verdict.MET
