"""The groups of keys that a serverless API has."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from architectures.keys import Domain, Section, Slug, shaped
from architectures.parts.api.sections import Throttling
from architectures.parts.aurora.sections import AuroraDatabase
from architectures.parts.sections import Queue, Switch
from components.edge.api_args import API_SECONDS

Variable = Annotated[str, shaped(r"[A-Za-z][A-Za-z0-9_]*", "a letter, then letters, digits and _")]
_LISTENER = (
    r"arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:listener/(app|net)/[\w-]+/[0-9a-f]+/[0-9a-f]+"
)


class Function(Section):
    """One function, for a group of routes or for a queue."""

    handler: str
    """Module and function in its code."""
    code: str | None = None
    """Folder or zip, from the program's folder. None: the sample in functions/serverless_api."""
    runtime: str = "python3.13"
    architecture: Literal["arm64", "x86_64"] = "arm64"
    memory_mib: int = 512
    timeout_seconds: int = 10
    reserved: int | None = None
    """Executions that are kept free for it, and the most that it gets. None: what is left in the account."""
    provisioned: int = 0
    """Executions that are kept warm where the system is active; a share of them where it stands by."""
    snap_start: bool = False
    environment: dict[Variable, str] = Field(default_factory=dict)
    sends: tuple[Slug, ...] = ()
    """Functions to whose queues it sends; their URLs are in <NAME>_QUEUE_URL."""
    queue: Queue | None = None
    """A queue that it works off, instead of routes."""
    database: bool = False
    """Whether it uses the system's database: it stands in the VPC then, and finds it in DATABASE_HOST."""
    at_once: int | None = None
    """With a queue, the most invocations at one time."""


class WriterSwitch(Switch):
    """What moves the database's writer to the other region, and clients with it."""

    by: Literal["data-plane", "region-switch", "none"] = "none"
    """Without a database nothing has to be moved."""


class Relational(AuroraDatabase):
    """A database behind RDS Proxy: an Aurora cluster in each region, one of which writes."""

    engine: Literal["aurora-postgresql", "aurora-mysql"] = "aurora-postgresql"
    multi_az: bool = True
    """An instance in each of two zones, and an endpoint for reading. False: one alone, which the policies refuse in production."""


class Clients(Section):
    """From where a REST API may be asked: its resource policy. Route 53 may ask the health paths from everywhere."""

    networks: tuple[str, ...] = ()
    """IPv4 and IPv6 networks of clients' addresses. None: everywhere."""
    accounts: tuple[str, ...] = ()
    """Other accounts whose principals may use routes with `iam`, as far as their own IAM lets them too."""


class Api(Section):
    """Which of API Gateway's two types stands before the functions."""

    type: Literal["http", "rest"]
    timeout_seconds: int = API_SECONDS
    """How long a REST API waits for an answer, 29 to 300; above 29 by a quota that AWS raises for the account."""
    clients: Clients | None = None
    """Of a REST API. None: whoever its routes let in."""


class Request(Section):
    """What a request to a route of a REST API must have; what hasn't is answered 400."""

    body: dict[str, Any] | None = None
    """JSON schema of draft 4."""
    headers: tuple[str, ...] = ()
    query: tuple[str, ...] = ()


class Route(Section):
    """Method and path, who may use it, and where it leads: to one of a function, another service, or a load balancer."""

    route_key: str
    """`GET /items/{id}`."""
    function: Slug | None = None
    url: str | None = None
    """Another HTTPS service, to which the request's path is added."""
    listener: Annotated[str, shaped(_LISTENER, "the ARN of a load balancer's listener")] | None = None
    """HTTPS listener of a load balancer inside the VPC, in this region."""
    server_name: Domain | None = None
    """With a listener: the name on its certificate."""
    auth: str | None = None
    """The name of an authorizer, `iam`, or `none`: everybody. It must be said."""
    scopes: tuple[str, ...] = ()
    """Of which a token must have one."""
    request: Request | None = None
    """Of a REST API. None: whatever comes."""
    throttling: Throttling | None = None
    """Of a REST API: limits of its own, within those of the API. None: the API's."""
