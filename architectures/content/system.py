"""Users' files that two regions have: a bucket in each, copied both ways, and one table of what each object is."""

from __future__ import annotations

import pulumi

from architectures.content.runbook import written
from architectures.content.serving import Serving
from architectures.content.settings import ContentSettings
from architectures.parts.shelf import Shelf
from architectures.system import Place, System


class UserContent(System):
    """One region's part of the system.

    Creates: a bucket in each region, versioned, with replication both ways (the founding stack's), the table of what each object is (the
    same), a queue of the region's bucket's events with its dead letters, the function that follows them, the one that compares bucket and
    table, the one that says what another region had, alarms, runbooks. With `identities` also the table of accounts (the founding
    stack's, with a replica), a user pool and an identity pool of the region, and the function that the user pool asks. With `mail` an
    identity of the domain with its records, a queue of mail and the function that sends it; with `video` a queue of MediaConvert, one of
    originals and the function that has them converted.
    Survives: an instance and a zone, without loss; a region, at once: the other one's bucket has what was written until 15 minutes
    before, as S3 agrees to, its table until a second before, and by it what is missing is known by name. An object that is deleted or
    overwritten, for `noncurrentDays`. Passwords and authenticators of a region's user pool don't survive the region: users set new ones.
    Mail that waits in a region, and videos that it had not finished, wait for it, unless they are sent or begun in the other one.
    Costs: storage and each write in both regions, replication time control by the GB, four requests of S3 and two writes of DynamoDB for
    each object written, alarms.
    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html
    """

    serving: Serving | None
    """None where the strategy leaves the region empty."""

    def __init__(
        self, name: str, settings: ContentSettings, place: Place, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:architectures:UserContent", name, {}, opts)
        self.serving = None
        if settings.posture(place.stack).data:
            self.serving = Serving(name, settings, place, parent=self)
        shelf = Shelf(name, place, self)
        runbooks = written(name, settings, place, self.serving)
        self.recovery = [*(self.serving.recovery if self.serving else []), *shelf.recovery]
        self.outputs = {
            "kind": settings.kind,
            **(self.serving.outputs if self.serving else {}),
            **shelf.outputs,
            "runbook": shelf.put(runbooks),
        }
        self.register_outputs(dict(self.outputs))
