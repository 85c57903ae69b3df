"""One sign of customer focus, and how a share that is counted says itself."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sign:
    """One sign: its share (0 to 1, None where nothing can be counted), in words, and the page with what is behind it.

    `before` has the shares of the time before and the present one, oldest first: of cycles for OKRs, of months for
    KVIs, and for what is recorded the shares as they stood at month ends.
    """

    name: str
    title: str
    share: float | None
    says: str
    page: str
    before: tuple[float | None, ...] = ()


def counted_sign(
    name: str, title: str, count: int, of: int, noun: str, page: str, before: tuple[float | None, ...] = ()
) -> Sign:
    says = f"{count:,} of {of:,} {noun}" if of else f"no {noun} yet"
    share = count / of if of else None
    return Sign(name, title, share, says, page, (*before, share) if before else ())
