"""Begins a job of EMR Serverless: called by the job's schedule, in the region that is active, or by a person.

The event says which job and when it is due, `{"job": "daily", "due": "2027-01-31T02:00:00Z"}`. The same job of the same moment is begun
once in a region, however often that is asked within the time that EMR Serverless knows its token, and its results lie in one place, which a
run that is begun again writes anew: `results/<job>/<moment>/`. So what a lost region didn't finish is begun in the other one by the same
event.

Environment: APPLICATION, ROLE, BUCKET, INPUT (a URI of S3; none where jobs read what they name themselves), KEY_ARN, ENGINE, JOBS (by
name: `script`, `arguments`, `parameters`, `timeout`, `attempts`, in JSON).
"""

from __future__ import annotations

import functools
import hashlib
import json
import logging
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import boto3

log = logging.getLogger(__name__)
log.setLevel(logging.INFO)


@functools.cache
def emr() -> Any:
    """The region's EMR Serverless."""
    return boto3.client("emr-serverless")


def moment(due: str) -> str:
    """A moment as keys have it, UTC. ValueError for what is none."""
    found = datetime.fromisoformat(due)
    if found.tzinfo is None:
        raise ValueError(f"due: got {due!r}, allowed is a moment with its offset")
    return found.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def driver(job: Mapping[str, Any], output: str) -> dict[str, Any]:
    """What the engine is told to run."""
    script = f"s3://{os.environ['BUCKET']}/scripts/{job['script']}"
    said = os.environ.get("INPUT")
    if os.environ["ENGINE"] == "hive":
        places = f"--hivevar output={output}" + (f" --hivevar input={said}" if said else "")
        return {"hive": {"query": script, "parameters": f"{job['parameters']} {places}".strip()}}
    told = [*job["arguments"], *(["--input", said] if said else []), "--output", output]
    spark = {"entryPoint": script, "entryPointArguments": told}
    return {
        "sparkSubmit": {
            **spark,
            **({"sparkSubmitParameters": job["parameters"]} if job["parameters"] else {}),
        }
    }


def handler(event: Any, _context: Any) -> dict[str, str]:
    """Begin it. Answers the run's id and where its results will be."""
    jobs: Mapping[str, Mapping[str, Any]] = json.loads(os.environ["JOBS"])
    name, due = event["job"], moment(event["due"])
    if name not in jobs:
        raise ValueError(f"job: got {name!r}, allowed is one of {', '.join(sorted(jobs))}")
    job, bucket = jobs[name], os.environ["BUCKET"]
    output = f"s3://{bucket}/results/{name}/{due}/"
    logs = {"logUri": f"s3://{bucket}/logs/", "encryptionKeyArn": os.environ["KEY_ARN"]}
    run = emr().start_job_run(
        applicationId=os.environ["APPLICATION"],
        clientToken=hashlib.sha256(f"{name}\0{due}".encode()).hexdigest(),
        executionRoleArn=os.environ["ROLE"],
        name=f"{name}-{due}",
        jobDriver=driver(job, output),
        configurationOverrides={"monitoringConfiguration": {"s3MonitoringConfiguration": logs}},
        executionTimeoutMinutes=job["timeout"],
        retryPolicy={"maxAttempts": job["attempts"]},
    )
    log.info("%s of %s: run %s", name, due, run["jobRunId"])
    return {"run": run["jobRunId"], "results": output}
