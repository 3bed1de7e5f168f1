"""The groups of keys that a system of users' files has."""

from __future__ import annotations

from architectures.keys import Section
from architectures.parts.sections import Queue


class Table(Section):
    """The DynamoDB table of what each object is, on demand."""

    recovery_days: int = 35
    """Point-in-time recovery reaches back so far."""


class Reconcile(Section):
    """The function that compares bucket and table."""

    every_minutes: int = 60
    """How often it begins a round, or goes on with one."""
    grace_minutes: int = 15
    """What was changed so lately is left to events that may be on their way."""


class Pages(Section):
    """Cognito's own pages to sign in at."""

    domain: str
    """Prefix of their DNS name."""
    callbacks: tuple[str, ...]
    """Where codes are sent to."""
    logouts: tuple[str, ...] = ()
    """Where who has signed out may go."""


class Mail(Section):
    """Who sends the mail of a user pool."""

    identity: str
    """ARN of a verified identity of SES, of the stack's region."""
    sender: str
    """An address of it."""


class Identities(Section):
    """Users who sign in, and have credentials for their own objects alone."""

    mfa: str = "required"
    """`required` or `optional`: codes of an authenticator app."""
    self_sign_up: bool = False
    """Whether anybody may make an account."""
    plan: str = "essentials"
    """Cognito's feature plan."""
    refresh_days: int = 30
    """After so many everybody signs in again."""
    pages: Pages | None = None
    """None: clients have their own."""
    mail: Mail | None = None
    """None: Cognito sends them, 50 a day."""


class Outgoing(Section):
    """Mail that the system sends through Amazon SES, in either region."""

    domain: str
    """What its senders' addresses end with: a domain below the hosted zone's that nobody else sends mail of."""
    sender: str = "no-reply"
    """What stands before the `@`."""
    queue: Queue = Queue.model_validate({"visibilitySeconds": 180, "receives": 8})
    """Of mail that waits."""
    at_once: int = 2
    """Most invocations that send at one time."""


class Video(Section):
    """Videos among users' files, which MediaConvert makes MP4 of, in the region that they are uploaded to."""

    uploads: str = "videos/"
    """What an original's key begins with after its owner's `<owner>/`."""
    results: str = "converted/"
    """The same of what is made of it."""
    widths: tuple[int, ...] = (1920, 1280, 640)
    """Pixels of each result's picture."""
    queue: Queue = Queue.model_validate({"visibilitySeconds": 180})
    """Of originals that wait for their job to begin."""
