"""Batch jobs on Amazon EMR Serverless."""

from components.batch.application import BatchApplication
from components.batch.args import BatchApplicationArgs, Job
from components.batch.schedules import BatchSchedules, BatchSchedulesArgs

__all__ = ["BatchApplication", "BatchApplicationArgs", "BatchSchedules", "BatchSchedulesArgs", "Job"]
