"""The states of a job in the ledger, and which may follow which."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """The state of a job in the ledger.

    ``PLANNED``: nothing has happened yet.
    ``RESERVED``: its estimate is booked against the budget.
    ``SENDING``: the request may be on its way. Committed before its first byte is sent.
    ``ACCEPTED``: the service has created the job; its id is known.
    ``FINISHED``, ``FAILED``, ``CANCELLED``: how the job ended on the service.
    ``REFUSED``: the service has surely not created the job. The booking is released.
    ``AMBIGUOUS``: whether the service has created the job is unknown. It is never sent again until it is resolved.
    """

    PLANNED = "planned"
    RESERVED = "reserved"
    SENDING = "sending"
    ACCEPTED = "accepted"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    AMBIGUOUS = "ambiguous"


#: How a job ends on the service.
ENDED = (State.FINISHED, State.FAILED, State.CANCELLED)
#: Its id is known.
PAID = (State.ACCEPTED, *ENDED)
#: It was surely not created, or not sent yet: it may be sent.
UNPAID = (State.PLANNED, State.RESERVED, State.REFUSED)
#: What ``Ledger.retry`` may put back to planned.
RETRYABLE = (State.FAILED, State.CANCELLED, State.REFUSED)
