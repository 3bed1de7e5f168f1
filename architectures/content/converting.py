"""Videos of one region: a queue of originals that users upload there, the function that has them converted, and where jobs run."""

from __future__ import annotations

import pulumi

from architectures.content import arguments as common
from architectures.content import names
from architectures.content import video_arguments as arguments
from architectures.content.blobs import Blobs
from architectures.content.sections import Video
from architectures.parts.tables import SystemTable
from architectures.parts.told import told_to_queue
from architectures.system import Place
from components.compute import ServingFunction
from components.data import item_statements
from components.permissions import Statement
from components.video import Converter


class Converting:
    """What has videos converted, as children of the system."""

    def __init__(
        self,
        name: str,
        given: Video,
        place: Place,
        *,
        blobs: Blobs,
        table: SystemTable,
        opts: pulumi.ResourceOptions,
    ) -> None:
        self._given, ground = given, place.ground
        args = arguments.converter(
            given, name, place.stack, tags=place.tags, bucket_arn=blobs.arn, key_arn=ground.key_arn
        )
        self.converter = Converter(f"{name}-video", args, opts)
        ended = {
            "source": ["aws.mediaconvert"],
            "detail-type": ["MediaConvert Job State Change"],
            "detail": {
                "status": ["COMPLETE", "ERROR", "CANCELED"],
                "queue": [self.converter.queue_arn],
            },
        }
        self.queue = told_to_queue(
            f"{name}-originals", given.queue, place, about="how jobs have ended", pattern=ended, opts=opts
        )
        self._blobs, self._table, self._place = blobs, table, place
        self.variables: dict[str, pulumi.Input[str]] = {
            names.VIDEOS: self.queue.url,
            names.UPLOADS: given.uploads,
        }
        """What who writes down uploads is told."""

    @property
    def sending(self) -> list[Statement]:
        """What their roles need."""
        return self.queue.sending()

    def declare(self, name: str, opts: pulumi.ResourceOptions) -> ServingFunction:
        """The function, which follows the queue."""
        given, ground = self._given, self._place.ground
        args = arguments.function(
            given,
            tags=self._place.tags,
            key_arn=ground.key_arn,
            topic_arn=ground.topic.arn,
            queue_arn=self.queue.arn,
            receiving=self.queue.receiving(),
            variables={
                names.BUCKET: self._blobs.bucket,
                names.TABLE: self._table.made.table_name,
                names.UPLOADS: given.uploads,
                names.RESULTS: given.results,
                names.WIDTHS: " ".join(map(str, given.widths)),
                names.ROLE: self.converter.role_arn,
                names.CONVERTER: self.converter.queue_arn,
                names.KEY: ground.key_arn,
            },
            statements=[
                *item_statements(self._table.made.table_arn),
                *common.looking(self._blobs.arn, ground.key_arn),
                *self.converter.starting(),
            ],
        )
        return ServingFunction(names.function(name, names.CONVERT), args, opts)

    @property
    def outputs(self) -> dict[str, pulumi.Output[str]]:
        """What people are told."""
        return {"queue": self.queue.url, "deadLetters": self.queue.dead_letter_arn}
