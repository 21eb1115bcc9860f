"""The casebook: the encrypted store of cases, its keys and backups."""

from __future__ import annotations

from screening.errors.message import Code, Message

__all__ = ["CASEBOOK"]

_BACKUP = "restore the last backup into a new folder with 'screening store restore'"

CASEBOOK: dict[str, Code] = {
    "U320": Code(
        "a casebook that is not there, or a folder that is none",
        not_there=Message(
            "no casebook here", "check the path, or create one with 'screening store init'"
        ),
        not_a_casebook=Message("not a casebook of this program", "check the path"),
    ),
    "U321": Code(
        "a casebook that differs from what was recorded: damaged, changed or put back",
        keys_damaged=Message("the casebook's file of keys is damaged or missing", _BACKUP),
        pages_damaged=Message(
            "the casebook's database is damaged; the passphrase is right", _BACKUP
        ),
        event_changed=Message("event {number} is not as it was recorded", _BACKUP),
        event_unreadable=Message("event {number} cannot be read", _BACKUP),
        case_differs=Message("what is kept of case {case!r} does not fit its events", _BACKUP),
        event_missing=Message("event {number} is missing", _BACKUP),
        tables_differ=Message(
            "the last event is {number}, but the casebook had recorded {expected}", _BACKUP
        ),
        identity_changed=Message(
            "the identity kept for case {case!r} is not the one that was recorded last", _BACKUP
        ),
        key_returned=Message(
            "case {case!r} was erased, but its key is there again", "erase it again"
        ),
        older_than_head=Message(
            "the casebook is older than the head {head!r}: that event is not in it",
            "find out who put back an old copy; look for a newer backup",
        ),
    ),
    "U322": Code(
        "a casebook that was written by a newer version of this program",
        newer=Message(
            "the casebook was written by a newer version of this program (format {found}); "
            "nothing was changed",
            "update this program",
        ),
    ),
    "U323": Code(
        "a casebook that another program is writing to",
        busy=Message(
            "another program is writing to the casebook; nothing was changed",
            "wait until it is done, then try again",
        ),
    ),
    "U324": Code(
        "a backup that is damaged or cut short, or a file that is none",
        not_a_backup=Message(
            "not a backup of a casebook", "choose a file that 'store backup' wrote"
        ),
        backup_damaged=Message("the backup is damaged or cut short", "use another backup"),
    ),
    "U325": Code(
        "a case that cannot be erased, or has been erased",
        on_hold=Message("case {case!r} must be kept: {reason}", "lift the hold first, if you may"),
        in_casebook=Message(
            "case {case!r} is kept in the casebook and cannot be forgotten here",
            "erase it with 'screening store erase'",
            page="ask whoever keeps the casebook to erase it",
        ),
        erased=Message("case {case!r} was erased; nothing more is kept about this person"),
    ),
    "U326": Code(
        "a case about which somebody recorded something meanwhile",
        overtaken=Message(
            "somebody recorded something about case {case!r} meanwhile",
            "look at it, then record yours again",
        ),
    ),
}
