"""What the components of a system of workers are given, a module for each part. The settings' checks look at the same."""

from __future__ import annotations

from architectures.workers.arguments.bus import BUS_KEYS, bus, placeholder_bus
from architectures.workers.arguments.container import CONTAINER_KEYS, placeholder_service, service
from architectures.workers.arguments.done import kept_seconds, table
from architectures.workers.arguments.function import FUNCTION_KEYS, function, placeholder_function
from architectures.workers.arguments.kafka import (
    KAFKA_KEYS,
    READER_KEYS,
    TOPIC_KEYS,
    cluster,
    group,
    placeholder_cluster,
    placeholder_reader,
    placeholder_replicators,
    reader,
    replicators,
)
from architectures.workers.arguments.queue import QUEUE_KEYS, placeholder_queue, queue
from architectures.workers.arguments.schedule import SCHEDULE_KEYS, placeholder_schedule, schedules
from architectures.workers.arguments.servers import servers, servers_faults, user_data
from architectures.workers.arguments.servers import size as servers_size
from architectures.workers.arguments.stream import (
    AGGREGATES_KEYS,
    STREAM_KEYS,
    aggregates,
    placeholder_aggregates,
    placeholder_stream,
    stream,
)

__all__ = [
    "AGGREGATES_KEYS",
    "BUS_KEYS",
    "CONTAINER_KEYS",
    "FUNCTION_KEYS",
    "KAFKA_KEYS",
    "QUEUE_KEYS",
    "READER_KEYS",
    "SCHEDULE_KEYS",
    "STREAM_KEYS",
    "TOPIC_KEYS",
    "aggregates",
    "bus",
    "cluster",
    "function",
    "group",
    "kept_seconds",
    "placeholder_aggregates",
    "placeholder_bus",
    "placeholder_cluster",
    "placeholder_function",
    "placeholder_queue",
    "placeholder_reader",
    "placeholder_replicators",
    "placeholder_schedule",
    "placeholder_service",
    "placeholder_stream",
    "queue",
    "reader",
    "replicators",
    "schedules",
    "servers",
    "servers_faults",
    "servers_size",
    "service",
    "stream",
    "table",
    "user_data",
]
