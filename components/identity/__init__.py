"""Users who sign in, and what each of them may do at AWS."""

from components.identity.credentials import TAG, UserCredentials, UserCredentialsArgs
from components.identity.directory import UserDirectory
from components.identity.directory_args import Mail, SignInPages, Trigger, UserDirectoryArgs
from components.identity.own_objects import own_objects

__all__ = [
    "TAG",
    "Mail",
    "SignInPages",
    "Trigger",
    "UserCredentials",
    "UserCredentialsArgs",
    "UserDirectory",
    "UserDirectoryArgs",
    "own_objects",
]
