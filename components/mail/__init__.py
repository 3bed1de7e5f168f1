"""Mail that is sent: a domain's identity in Amazon SES of a region, and what watches it."""

from components.mail.args import MailDomainArgs
from components.mail.domain import MailDomain

__all__ = ["MailDomain", "MailDomainArgs"]
