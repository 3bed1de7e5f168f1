"""The application tier: reads by the endpoint of its own zone, else by the cluster's, and writes by the one that writes.

Runs beside `app.py`, the sample of every system with a database, which serves and signs in there.
"""

import os
from http.server import ThreadingHTTPServer

import app

WITHOUT_ZONES = app.answer


def readers(database, zone):
    """Hosts to read by, the nearest first: this zone's, the other replicas', the writer's."""
    writer, reader = database["hosts"]
    own = database["readers"].get(zone)
    return [each for each in (own, reader, writer) if each]


def answer(path, database, up=app.answers):
    """Status and body for a path; `/health/deep` says by which host the database was read."""
    zone = os.environ["ZONE"]
    if path != "/health/deep":
        status, body = WITHOUT_ZONES(path, database)
        return status, {**body, "zone": zone}
    read = next((host for host in readers(database, zone) if up(host, database)), None)
    return (503 if read is None else 200), {"read": read, "zone": zone}


if __name__ == "__main__":
    app.answer = answer  # what its handler asks
    ThreadingHTTPServer(("", int(os.environ["PORT"])), app.Handler).serve_forever()
