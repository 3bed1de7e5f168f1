"""The lease: one item that says which instance may serve. Changed by conditional writes alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Lease:
    """What the item says. Moments are seconds since 1970."""

    epoch: int = 0
    """Grows by one whenever the instance changes. 0: nobody has held the lease yet."""
    member: str = ""
    instance: str = ""
    """Empty while the member has none."""
    served: bool = False
    """Whether this epoch's instance has been found healthy in the serving group."""
    former: str = ""
    """The instance of the epoch before."""
    why: str = ""
    began: float = 0
    """When what led to this epoch was first seen."""
    swapped: float = 0
    """When the function last swapped by itself."""
    request: str = ""
    """Id of the invocation that swapped by hand, so that a repetition of it doesn't swap back."""
    reason: str = ""
    paused_until: float = 0
    primary: str = ""
    """Of a mirrored disk: the instance that may be its primary. Empty: nobody may."""
    granted: int = 0
    """Grows by one with each grant, so that what was sent under an older one changes nothing."""
    granted_at: float = 0
    renewed: int = 0
    """Grows by one whenever the primary's own agent has shown that it lives, and knows of the grant."""
    sole: str = ""
    """The member whose disk alone has all that was acknowledged: the other one must not serve before it has caught up. Empty: both have."""
    fence: int = 0
    """Grows by one with each such mark, so that one is taken away only by who has seen the last."""
    formed: str = ""
    """The member that makes the first copy of the disk; `whole` when it is made."""

    def lacks(self, member: str) -> bool:
        """Whether that member's disk may lack what was acknowledged."""
        return self.sole not in ("", member)

    def paused(self, wall: float) -> bool:
        """Whether nothing may be swapped but by hand."""
        return wall < self.paused_until


@dataclass(frozen=True, kw_only=True)
class Move:
    """A change of the lease. `by_itself`: a swap that nobody asked for, which a pause forbids."""

    member: str
    instance: str
    why: str
    swap: bool
    by_itself: bool
    began: float
    request: str = ""


_NUMBERS = {
    "epoch": int,
    "began": float,
    "swapped": float,
    "paused_until": float,
    "granted": int,
    "granted_at": float,
    "renewed": int,
    "fence": int,
}


@dataclass(frozen=True)
class Leases:
    """The table, for one pair."""

    client: Any
    table: str
    pair: str
    mirrored: bool = False
    """Whether a member can be outdated, so that the lease must not move to it."""

    def read(self) -> Lease:
        """The lease as it is now: what was written before the call is seen."""
        found = self.client.get_item(TableName=self.table, Key=self._key, ConsistentRead=True).get("Item", {})
        return Lease(**{name: _value(name, value) for name, value in found.items() if name != "pair"})

    def move(self, seen: Lease, to: Move, wall: float) -> bool:
        """Begin the next epoch. False: somebody else has changed the lease since it was seen, or paused it."""
        values = {
            "epoch": {"N": str(seen.epoch + 1)},
            "member": {"S": to.member},
            "instance": {"S": to.instance},
            "served": {"BOOL": False},
            "former": {"S": seen.instance},
            "why": {"S": to.why},
            "began": {"N": str(to.began)},
            "swapped": {"N": str(wall if to.swap and to.by_itself else seen.swapped)},
            "request": {"S": to.request if to.swap else seen.request},
        }
        condition, more = _unchanged(seen)
        if to.swap and to.by_itself:
            condition += " AND (attribute_not_exists(paused_until) OR paused_until <= :wall)"
            more[":wall"] = {"N": str(wall)}
        if self.mirrored:
            condition, more = (
                f"{condition} AND {_CURRENT}",
                {**more, ":whose": {"S": to.member}, ":both": {"S": ""}},
            )
        return self._update(values, condition, more)

    def grant(self, seen: Lease, wall: float) -> bool:
        """Let the lease's instance be the primary of the mirrored disk. False: another one may be, or it lacks something by now."""
        condition, more = _unchanged(seen)
        values = {
            "primary": {"S": seen.instance},
            "granted": {"N": str(seen.granted + 1)},
            "granted_at": {"N": str(wall)},
        }
        same, known = _as_seen("granted", seen.granted)
        nobody = "(attribute_not_exists(#primary) OR #primary = :nobody)"
        more |= {**known, ":nobody": {"S": ""}, ":whose": {"S": seen.member}, ":both": {"S": ""}}
        return self._update(values, f"{condition} AND {nobody} AND {same} AND {_CURRENT}", more)

    def release(self, seen: Lease) -> bool:
        """Take the grant back, if its holder hasn't renewed it since it was seen."""
        same, more = _as_seen("granted", seen.granted)
        renewed, known = _as_seen("renewed", seen.renewed)
        more |= {**known, ":holder": {"S": seen.primary}}
        return self._update({"primary": {"S": ""}}, f"#primary = :holder AND {same} AND {renewed}", more)

    def serves(self, seen: Lease) -> bool:
        """Note that this epoch's instance serves. True for one caller alone, who tells of it."""
        condition, more = _unchanged(seen)
        return self._update(
            {"served": {"BOOL": True}}, f"{condition} AND served = :no", {**more, ":no": {"BOOL": False}}
        )

    def pause(self, reason: str, until: float) -> None:
        """Forbid swaps until a moment; one that has passed allows them."""
        self._update({"reason": {"S": reason}, "paused_until": {"N": str(until)}}, None, {})

    @property
    def _key(self) -> dict[str, Any]:
        return {"pair": {"S": self.pair}}

    def _update(self, values: dict[str, Any], condition: str | None, more: dict[str, Any]) -> bool:
        try:
            self.client.update_item(
                TableName=self.table,
                Key=self._key,
                # Some of the names are words of DynamoDB's own.
                UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in values),
                ExpressionAttributeNames={f"#{name}": name for name in values},
                ExpressionAttributeValues={**{f":{name}": value for name, value in values.items()}, **more},
                **({"ConditionExpression": condition} if condition else {}),
            )
        except self.client.exceptions.ConditionalCheckFailedException:
            return False
        return True


_CURRENT = "(attribute_not_exists(sole) OR sole IN (:both, :whose))"


def _as_seen(count: str, value: int) -> tuple[str, dict[str, Any]]:
    """That a count is still what it was; one that never grew is not there."""
    if not value:
        return f"attribute_not_exists({count})", {}
    return f"{count} = :seen_{count}", {f":seen_{count}": {"N": str(value)}}


def _unchanged(seen: Lease) -> tuple[str, dict[str, Any]]:
    if not seen.epoch:
        return "attribute_not_exists(epoch)", {}
    return "epoch = :seen", {":seen": {"N": str(seen.epoch)}}


def _value(name: str, value: dict[str, Any]) -> Any:
    (raw,) = value.values()
    return _NUMBERS.get(name, lambda same: same)(raw)
