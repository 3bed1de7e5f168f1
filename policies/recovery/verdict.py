"""How an estimate compares with an objective."""

from __future__ import annotations

from collections.abc import Iterable

from policies.graph import Unknown

from .model import Estimate, Verdict


def judge(
    estimate: Estimate,
    limit: float | Unknown | None,
    unknown: Iterable[str],
    parts: Iterable[Estimate],
    *,
    loss: bool = False,
) -> Verdict:
    """The verdict on one time or one loss.

    `unknown` names what isn't known of it, `parts` are the terms it is the sum of. A time of 0 can't be met by a recovery,
    however quick (AWS Resilience Hub treats it the same way); a `loss` of 0 is met by what surely loses nothing.
    """
    unsure = any(True for _ in unknown)
    if not estimate.recoverable:
        return Verdict.UNATTAINABLE
    if isinstance(limit, Unknown) or limit is None:
        return Verdict.MET if limit is None else Verdict.UNDETERMINED
    if (limit == 0 and not loss) or estimate.low > limit:
        return Verdict.BREACHED
    if estimate.high > limit:
        return Verdict.UNDETERMINED if unsure else Verdict.AT_RISK
    assumed = sum(p.high for p in parts if p.grade == "D")
    return Verdict.MET_IF if assumed and assumed * 2 >= estimate.high else Verdict.MET


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of several; met when there are none."""
    return max(verdicts, key=lambda v: v.severity, default=Verdict.MET)
