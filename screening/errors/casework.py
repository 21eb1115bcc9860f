"""Work on a case over days: events, steps, who has it, links, referrals, closing, taking in."""

from __future__ import annotations

from screening.errors.message import Code, Message

__all__ = ["CASEWORK"]

CASEWORK: dict[str, Code] = {
    "U340": Code(
        "an event of a casebook that this version does not know, or that is not complete",
        kind=Message("{kind!r} is not a kind of event", "use the program that wrote it"),
        field_missing=Message("{kind!r} lacks {field!r}", "give it"),
        field_unknown=Message("{kind!r} has no field {field!r}", "leave it out"),
        field_value=Message("{field!r} of {kind!r} cannot be read", "check its value"),
        future=Message("{day} is in the future", "give the day on which it happened"),
    ),
    "U341": Code(
        "a step that is not open",
        no_step=Message("case {case!r} has no open step {step!r}", "choose one of {known}"),
        no_steps=Message("case {case!r} has no open step", "look at the case"),
        until_passed=Message("{until} is not after {day}", "give a later day"),
    ),
    "U342": Code(
        "a case that somebody else has or is working on, or that was not offered to you",
        not_offered=Message(
            "case {case!r} was not offered to {by!r}", "ask whoever has it to assign it"
        ),
        others_case=Message(
            "case {case!r} is {owner!r}'s", "say why, or ask {owner!r} to assign it"
        ),
        overtaken=Message(
            "somebody recorded something about case {case!r} meanwhile; nothing was changed",
            "look at it again, then repeat what you did",
        ),
        has_it=Message("{to!r} has case {case!r} already", "leave it as it is"),
        nothing_to_hand_over=Message("{by!r} has no open case to hand over", "check the name"),
    ),
    "U343": Code(
        "a case that may not be closed, or not by this person",
        danger=Message(
            "case {case!r} is in danger", "act on it first, or say why it is closed all the same"
        ),
        undone=Message(
            "case {case!r} has steps that are not done: {steps}",
            "do them first, or say why it is closed all the same",
        ),
        same_person=Message(
            "closing a child's case takes two people, and {by!r} proposed it",
            "ask somebody else to confirm",
        ),
        not_proposed=Message("nobody proposed to close case {case!r}", "propose it first"),
        closed=Message("case {case!r} is closed", "a new meeting opens it again"),
    ),
    "U344": Code(
        "a link or a referral that is not there, or not in this state",
        itself=Message("case {case!r} cannot be linked to itself", "give the other case"),
        no_link=Message("case {case!r} has no link {relation!r} to {other!r}", "look at the case"),
        linked=Message("case {case!r} has this link to {other!r} already", "review it"),
        no_referral=Message("case {case!r} has no referral {referral!r}", "choose one of {known}"),
        referral_state=Message(
            "referral {referral!r} is {state}", "choose what can follow: {known}"
        ),
    ),
    "U345": Code(
        "a table whose columns are not matched",
        no_column=Message("the table has no column {column!r}", "check its header"),
        column_unknown=Message(
            "column {column!r} is matched to {target!r}, which is nothing that is read",
            "choose an indicator, or one of {known}",
        ),
        twice=Message("two columns are {target!r}", "match one of them"),
        no_match=Message("{text!r} matches nothing", "write COLUMN=NAME"),
        company=Message(
            "{text!r} does not say who was with the person", "write one of {known}, or nothing"
        ),
        no_columns=Message("no columns were saved as {name!r}", "match them first"),
    ),
    "U346": Code(
        "a list that nobody saved",
        no_filter=Message("no list was saved as {name!r}", "choose one of {known}"),
        need_unknown=Message("need {need!r} is not in the list", "choose one of {known}"),
    ),
}
