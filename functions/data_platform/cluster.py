"""Signed requests to a domain of OpenSearch Service."""

from __future__ import annotations

import json
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session
from botocore.session import Session

SERVICE = "es"
SECONDS = 120
"""A domain that hasn't answered by then is asked again at the next run."""
_NOT_FOUND, _WRONG = 404, 400


class ClusterError(RuntimeError):
    """The domain refused a request, or answered with an error."""


class Cluster:
    """A domain, asked in the name of the function's own role."""

    def __init__(self, endpoint: str, region: str) -> None:
        self._endpoint, self._region = endpoint.rstrip("/"), region
        self._session, self._http = Session(), URLLib3Session(timeout=SECONDS)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The answer's JSON; None where there is no such thing. Raises ClusterError with the domain's own words."""
        data = b"" if body is None else json.dumps(body).encode()
        headers = {} if body is None else {"Content-Type": "application/json"}
        request = AWSRequest(method, f"{self._endpoint}/{path}", headers=headers, data=data)
        SigV4Auth(self._session.get_credentials(), SERVICE, self._region).add_auth(request)
        answer = self._http.send(request.prepare())
        if answer.status_code == _NOT_FOUND:
            return None
        if answer.status_code >= _WRONG:
            raise ClusterError(f"{method} /{path}: {answer.status_code} {answer.text}")
        return json.loads(answer.text) if answer.text else {}
