"""Weight sets: signatures, activations, bounds."""

from __future__ import annotations

from screening.errors.message import Code, Message

__all__ = ["WEIGHTS"]

WEIGHTS: dict[str, Code] = {
    "K150": Code(
        "a weight set that is not as it was signed",
        set_reason_already=Message(
            "this set has a reason already: {override!r}",
            "sign it with that one, or write a new draft",
            english=True,
        ),
        somebody_signed_set_already=Message(
            "somebody has signed this set already, and a reason would change it",
            "write a new draft with the reason, and let everybody sign that one",
            english=True,
        ),
        weight_set_force_not=Message(
            "the weight set in force is not as it was put in force on {on}",
            "restore the file and its signatures, or put another signed set in force",
            english=True,
        ),
        changed=Message(
            "the weight set {weights!r} is not as it was signed",
            "restore the file that was signed, or have the new one signed under another id",
            english=True,
        ),
        signature=Message(
            "the signature of {by!r} does not fit this set",
            "ask them to sign it again",
            english=True,
        ),
    ),
    "K151": Code(
        "a weight set that fewer people signed than are needed",
        nobody_signed_weight_set=Message(
            "nobody has signed the weight set {weights!r}",
            "let {needed} people sign it first",
            english=True,
        ),
        too_few=Message(
            "{n} of {needed} people have signed the weight set {weights!r}",
            "let the second one sign it",
            english=True,
        ),
    ),
    "K152": Code(
        "a signed weight set that is not valid yet, or past its day of re-check",
        weight_set_re_checked=Message(
            "the weight set {weights!r} is to be re-checked {when}",
            "write a day to come under recheck_by; no set stands for ever",
            english=True,
        ),
        weight_set_bears_signature=Message(
            "the weight set {weights!r} bears a signature of {on}, after {on_2}",
            "check this machine's date, or wait for that day",
            english=True,
        ),
        weight_set_valid_not=Message(
            "the weight set {weights!r} is valid from {valid_from} on, not on {on}",
            "wait, or name the day it is meant for with --on",
            english=True,
        ),
        weight_set_re_checked_2=Message(
            "the weight set {weights!r} was to be re-checked by {recheck_by}",
            "re-check it and sign a new dated set; --on makes a result of that time again",
            english=True,
        ),
    ),
    "K153": Code(
        "signatures that belong to another weight set or list",
        of_another=Message(
            "these are signatures of the set {weights!r} of the list {checklist!r}",
            "put the signatures of this set here",
            english=True,
        ),
    ),
    "K154": Code(
        "a signer who is not registered, or was not on that day, or signed twice",
        signed_set_already=Message(
            "{person} has signed this set already",
            "it needs {needed} different people, of different names",
            english=True,
        ),
        not_registered_signer_list=Message(
            "{by!r} is not registered as a signer of the list {checklist} with this key",
            "register the public key first: screening calibrate register",
            page="register the public key on the page Signatures first",
            english=True,
        ),
        may_not_sign=Message(
            "{by!r} may not sign on {on}", "check since and until in signers.yaml", english=True
        ),
        not_registered_signer=Message(
            "{by!r} was not registered as a signer on {on}",
            "check signers.yaml with the people themselves",
            english=True,
        ),
        unknown=Message(
            "{by!r} is not registered as a signer of this list",
            "check signers.yaml with the people themselves",
            english=True,
        ),
        another_key=Message(
            "{by!r} signed with a key that is not the registered one",
            "check signers.yaml with the people themselves",
            english=True,
        ),
        not_then=Message(
            "{by!r} was not registered on {on}",
            "check signers.yaml with the people themselves",
            english=True,
        ),
        twice=Message(
            "{by!r} signed twice, or somebody of the same name did",
            "check signers.yaml with the people themselves",
            english=True,
        ),
    ),
    "K155": Code(
        "a log of activations with an entry that was altered, left out or put elsewhere",
        last_activation_after=Message(
            "the last activation is of {on}, after {on_2}",
            "check this machine's date",
            english=True,
        ),
        entry_not_follow_one=Message(
            "this entry does not follow the one before it",
            "restore the log; no entry is ever changed or taken out",
            english=True,
        ),
        signature_not_fit_entry=Message(
            "the signature of {by!r} does not fit this entry",
            "restore the log; no entry is ever changed",
            english=True,
        ),
    ),
    "K156": Code(
        "signing refused: a held-out vignette of a child forced to beg falls below refer, or there"
        " is none to judge by",
        weight_set_held_out=Message(
            "with the weight set {weights!r} held-out children forced to beg fall below refer:"
            " {named}",
            "raise the weights again, or give {written}",
            english=True,
        ),
        list_no_held_out=Message(
            "the list {checklist} has no held-out vignette of a child forced to beg, so nothing can"
            " judge the weight set {weights!r}",
            "write such vignettes, or give {written}",
            english=True,
        ),
    ),
    "K157": Code(
        "bounds, or a set of plausible weights, that cannot be",
        file_bounds_over_mib=Message(
            "a file of bounds over {largest} MiB", "write one line a sign", english=True
        ),
        columns_indicator_low_high=Message(
            "the columns indicator, low and high are needed",
            "add profile too where adults and children differ",
            english=True,
        ),
        bounds_cannot=Message(
            "bounds from {low!r} to {high!r} cannot be",
            "write whole numbers of 0 or more",
            english=True,
        ),
        bounds_cannot_2=Message(
            "bounds from {least} to {most} cannot be", "write the lower one first", english=True
        ),
        no_sign_carries_weight=Message(
            "{indicator!r} is no sign that carries weight",
            "name a sign that is weighed",
            english=True,
        ),
        no_profile=Message(
            "{given!r} is no profile",
            "write adult or child, or leave it blank for both",
            english=True,
        ),
        not_weighed_profile=Message(
            "{indicator!r} is not weighed for the profile {given!r}",
            "leave the profile blank",
            english=True,
        ),
        not_readable_csv=Message(
            "this is not readable as CSV ({error})", "save the bounds anew", english=True
        ),
        stands_no_column=Message(
            "{surplus!r} stands in no column", "keep one number in each cell", english=True
        ),
        bounds_already=Message(
            "{row!r} has bounds for {profile} already", "keep one of the two rows", english=True
        ),
        bounds_cannot_3=Message(
            "bounds from {low} to {high} cannot be",
            "write whole numbers of 0 or more, the lower one first",
            english=True,
        ),
        bounds_carries_no_weight=Message(
            "bounds for {key_!r} ({profile}), which carries no weight",
            "leave them out",
            english=True,
        ),
        plausible_weights_carries_none=Message(
            "plausible weights for {key_!r}, which carries none for this profile",
            "leave them out",
            english=True,
        ),
        plausible_weights_where_promised=Message(
            "{n_numbers} plausible weights where {many} are promised",
            "give one for every draw",
            english=True,
        ),
        column_twice=Message(
            "the column {name!r} stands twice", "take the column out", english=True
        ),
        no_column=Message("{name!r} is no column of bounds", "take the column out", english=True),
    ),
    "K158": Code(
        "a weight set that says of its changes what its numbers do not",
        weight_set_not_say=Message(
            "the weight set {weights!r} does not say what it departs from",
            "write previous (id and sha256) and changes, or have 'screening calibrate weights'"
            " write the set",
            page="have the set written anew on the page Weights",
            english=True,
        ),
        departs_another_than_one=Message(
            "it departs from another {before!r} than the one that lies here",
            "restore the set that it departs from, or write a new draft",
            english=True,
        ),
        what_says_changes_not=Message(
            "what it says of its changes is not what its numbers do; the first: {wrong!r}",
            "let 'screening calibrate weights' write the set, or write the changes as 'checklist"
            " diff' shows them",
            page="have the set written anew on the page Weights",
            english=True,
        ),
    ),
}
