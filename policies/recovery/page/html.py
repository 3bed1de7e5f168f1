"""Elements of a page. Text is escaped unless an element made it: what a resource says can't become markup."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

_VOID = frozenset({"br", "meta"})


class Html(str):
    """Markup that is safe as it is."""

    __slots__ = ()


def el(tag: str, *inside: str, **attributes: str) -> Html:
    """An element. Of an attribute's name a trailing `_` falls away, `_` within becomes `-`; an empty value leaves it out."""
    given = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for name, value in attributes.items()
        if value
    )
    return Html(f"<{tag}{given}>" if tag in _VOID else f"<{tag}{given}>{join(inside)}</{tag}>")


def join(parts: Iterable[str], between: str = "") -> Html:
    """Parts one after the other."""
    return Html(escape(between).join(p if isinstance(p, Html) else escape(p) for p in parts))


def fold(summary: Html | str, *inside: str, **attributes: str) -> Html:
    """What is shown when its summary is opened."""
    return el("details", el("summary", summary), *inside, **attributes)


def bullets(items: Iterable[str], **attributes: str) -> Html:
    """A list; nothing where there is nothing to list."""
    found = [el("li", item) for item in items]
    return el("ul", *found, **attributes) if found else Html()


def percent(share: float) -> str:
    """A share of 1 as a length in CSS, between 0 and all."""
    return f"{100 * min(max(share, 0), 1):.3f}".rstrip("0").rstrip(".") + "%"
