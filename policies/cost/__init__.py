"""What a stack's resources cost a month, before anything is deployed.

Only what is paid for being there: a small table of list prices in US dollars, dated, with the page that has each. What is paid by use
(requests, traffic, logs, backups) and what the table doesn't know are named, not guessed.
"""

from .estimate import Cost, Item, cost
from .prices import Price, Prices

__all__ = ["Cost", "Item", "Price", "Prices", "cost"]
