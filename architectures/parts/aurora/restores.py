"""The runbook of a region that is built from recovery points of its database."""

from pathlib import Path

RUNBOOK = Path(__file__).with_name("restore.md")
