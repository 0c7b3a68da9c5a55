# SPDX-License-Identifier: GPL-3.0-or-later
"""What plain messages add to the totals, by columns: the same as `mailaudit.usage.totals.flows`."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import ibis
import numpy as np
import pyarrow as pa

from mailaudit.engine import Engine
from mailaudit.logs.stamp import Flags, Numbers
from mailaudit.usage.columns import texts_of
from mailaudit.usage.lines import domain_of, mailbox_of
from mailaudit.usage.marks import NEVER
from mailaudit.usage.plain import told_by
from mailaudit.usage.queue import Lines, Queue
from mailaudit.usage.reached import TO_MAILBOX
from mailaudit.usage.sums import FLOWS
from mailaudit.usage.totals import AMOUNTS

_NONE = -1


class Address(NamedTuple):
    """What different addresses come to, by their numbers: a mailbox, the address as it is compared, a domain.

    Each is the place of a text, which many addresses may come to; that of _NONE is _NONE.
    """

    mailbox: Numbers
    written: Numbers
    domain: Numbers
    mailboxes: pa.StringArray
    domains: pa.StringArray


class Message(NamedTuple):
    """What is known of messages, by the places of their identifiers; addresses by their numbers, or _NONE."""

    queued: Numbers
    size: Numbers
    sender: Numbers
    owner: Numbers  # who logged in, or whom a program of the host wrote for


class PlainFlows:
    """The query for what addresses come to, and the flows, which need it."""

    def __init__(self, engine: Engine) -> None:
        addresses = ibis.table({"text": "string"}, name="addresses")
        lower = addresses.text.lower()
        said = addresses.select(mailbox=mailbox_of(addresses.text), written=lower, domain=domain_of(lower))
        self._engine = engine
        self._said = engine.query(said)

    def flows(self, queue: Queue, done: Flags) -> list[pa.Table]:
        """Return what the messages of these identifiers add (FLOWS), each of which was queued."""
        deliveries, logins, queued = (queue.lines[kind] for kind in ("delivery", "client-login", "queued"))
        address, (user, sender, recipient, first_for) = self._addresses(
            [logins.texts("user"), queued.texts("sender")]
            + [deliveries.texts(name) for name in ("recipient", "orig_recipient")]
        )
        message = Message(
            _first_by_id(queue, queued),
            _by_id(queue, queued, queued.amounts("size")),
            by_sender := _by_id(queue, queued, sender),
            np.where(told_by(queue, "pickup", "sender"), by_sender, _by_id(queue, logins, user)),
        )
        rows = np.flatnonzero(done[deliveries.ids])
        written = np.where(first_for == _NONE, recipient, first_for)[rows]
        at = rows[queue.reached[rows] == TO_MAILBOX]
        return [
            _sent(address, message, np.flatnonzero(done & (message.owner != _NONE))),
            _reached(address, message, deliveries.ids[rows], written),
            _received(address, message, deliveries.ids[at], recipient[at], deliveries.times[at]),
        ]

    def _addresses(self, columns: Sequence[pa.StringArray]) -> tuple[Address, list[Numbers]]:
        """Return what each different address comes to, and its number in each line of the columns."""
        coded = pa.concat_arrays(columns).dictionary_encode()
        numbers = coded.indices.fill_null(_NONE).to_numpy().astype(np.int64)
        self._engine.load("addresses", pa.table({"text": coded.dictionary}))
        said = self._engine.table(self._said)
        mailbox, written, domain = (texts_of(column).dictionary_encode() for column in said.columns)
        places = [np.append(each.indices.to_numpy(), _NONE) for each in (mailbox, written, domain)]
        ends = np.cumsum([len(column) for column in columns])[:-1]
        address = Address(places[0], places[1], places[2], mailbox.dictionary, domain.dictionary)
        return address, np.split(numbers, ends)


def _by_id(queue: Queue, lines: Lines, values: Numbers) -> Numbers:
    """Values of lines by the places of their identifiers, _NONE where there is no line."""
    found = np.full(len(queue.names), _NONE)
    found[lines.ids] = values
    return found


def _first_by_id(queue: Queue, lines: Lines) -> Numbers:
    """When the first of the lines was written, by the places of their identifiers."""
    found = np.full(len(queue.names), NEVER)
    np.minimum.at(found, lines.ids, lines.times)
    return found


def _sent(address: Address, message: Message, ids: Numbers) -> pa.Table:
    mailbox = address.mailbox[message.owner[ids]]
    amounts = {"sent": np.ones(len(ids), np.int64), "sent_bytes": message.size[ids]}
    return _flows(address, message.queued[ids], mailbox, np.full(len(ids), _NONE), amounts)


def _reached(address: Address, message: Message, ids: Numbers, recipient: Numbers) -> pa.Table:
    """The recipients of what was sent, each once for a message, however often it was delivered to him."""
    is_sent = message.owner[ids] != _NONE
    ids, recipient = ids[is_sent], recipient[is_sent]
    _, once = np.unique(ids * len(address.written) + address.written[recipient], return_index=True)
    ids, recipient = ids[once], recipient[once]
    mailbox = address.mailbox[message.owner[ids]]
    amounts = {"recipients": np.ones(len(ids), np.int64)}
    return _flows(address, message.queued[ids], mailbox, address.domain[recipient], amounts)


def _received(
    address: Address, message: Message, ids: Numbers, recipient: Numbers, times: Numbers
) -> pa.Table:
    domain = address.domain[message.sender[ids]]
    amounts = {"received": np.ones(len(ids), np.int64), "received_bytes": message.size[ids]}
    return _flows(address, times, address.mailbox[recipient], domain, amounts)


def _flows(
    address: Address, times: Numbers, mailbox: Numbers, domain: Numbers, amounts: Mapping[str, Numbers]
) -> pa.Table:
    nothing = np.zeros(len(times), np.int64)
    columns = [
        pa.array(times, pa.timestamp("us")),
        _coded(mailbox, address.mailboxes),
        _coded(domain, address.domains),
        *(pa.array(amounts.get(name, nothing)) for name in AMOUNTS),
    ]
    return pa.table(columns, schema=FLOWS)


def _coded(places: Numbers, texts: pa.StringArray) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(places.astype(np.int32), mask=places == _NONE), texts)
