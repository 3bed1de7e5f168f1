"""Ingestion: what devices send, kept in a bucket."""

from components.ingestion.args import IngestionArgs
from components.ingestion.devices import DeviceIngestion

__all__ = ["DeviceIngestion", "IngestionArgs"]
