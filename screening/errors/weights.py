"""Weight sets: signatures, activations, bounds."""

from __future__ import annotations

from screening.errors.message import Code, Message

__all__ = ["WEIGHTS"]

WEIGHTS: dict[str, Code] = {
    "K150": Code(
        "a weight set that differs from what was signed",
        reason_given=Message(
            "this set already has a reason: {override!r}",
            "either sign it with that reason or write a new draft",
        ),
        reason_after_signature=Message(
            "somebody has already signed this set; a reason would change it",
            "write a new draft with the reason and have everybody sign it",
        ),
        in_force_changed=Message(
            "the weight set in force differs from what was activated on {on}",
            "either restore the file and its signatures or activate another signed set",
        ),
        changed=Message(
            "weight set {weights!r} differs from what was signed",
            "either restore the signed file or have the new one signed under another id",
        ),
        rules_changed=Message(
            "the list's rules differ from those that were signed with weight set {weights!r}",
            "either restore the list or have two people sign the set again for the list as it is",
        ),
        signs_changed=Message(
            "the list's signs differ from those that were signed with weight set {weights!r}",
            "either restore the list or have two people sign the set again for the list as it is",
        ),
        facts_changed=Message(
            "which signs state one fact differs from what was signed with weight set {weights!r}",
            "either restore the list or have two people sign the set again for the list as it is",
        ),
        needs_changed=Message(
            "the list's needs differ from those that were signed with weight set {weights!r}",
            "either restore the list or have two people sign the set again for the list as it is",
        ),
        pathway_changed=Message(
            "the list's next steps differ from those that were signed with weight set {weights!r}",
            "either restore the list or have two people sign the set again for the list as it is",
        ),
        not_as_shown=Message(
            "the list or the weight set has changed since it was shown",
            "look at it again before you sign",
        ),
        signature=Message(
            "the signature of {by!r} does not match this set", "ask them to sign it again"
        ),
    ),
    "K151": Code(
        "a weight set with fewer signatures than are needed",
        unsigned=Message(
            "nobody has signed weight set {weights!r}", "have {needed} people sign it first"
        ),
        too_few=Message(
            "only {n} of {needed} people have signed weight set {weights!r}",
            "have the second person sign it",
        ),
    ),
    "K152": Code(
        "a signed weight set that is not valid yet, or past its review date",
        review_not_ahead=Message(
            "the review date {recheck_by} of weight set {weights!r} is not in the future",
            "write a future date under recheck_by; no set is valid indefinitely",
        ),
        review_missing=Message(
            "weight set {weights!r} has no review date",
            "write a future date under recheck_by; no set is valid indefinitely",
        ),
        signed_before=Message(
            "the signature of {by!r} is dated {on}, before the set was last changed ({made})",
            "sign again, on the day on which it is done",
        ),
        signed_in_future=Message(
            "weight set {weights!r} has a signature of {signed_on}, later than {on}",
            "either check this machine's date or wait for that day",
        ),
        not_yet_valid=Message(
            "weight set {weights!r} is valid from {valid_from}, not on {on}",
            "either wait or give the intended date with --on",
        ),
        review_overdue=Message(
            "weight set {weights!r} was due for review by {recheck_by}",
            "review it and sign a new dated set; --on reproduces a result of that time",
        ),
    ),
    "K153": Code(
        "signatures that belong to another weight set or list",
        of_another=Message(
            "these signatures are for set {weights!r} of list {checklist!r}",
            "put the signatures of this set here",
        ),
    ),
    "K154": Code(
        "a signer who is not registered, was not on that day, or signed twice",
        signed_already=Message(
            "{person} has already signed this set",
            "{needed} different people must sign, with different names",
        ),
        key_not_registered=Message(
            "{by!r} is not registered with this key as a signer of list {checklist}",
            "register the public key first: screening calibrate register",
            page="first register the public key on the page Signatures",
        ),
        may_not_sign=Message(
            "{by!r} may not sign on {on}", "check since and until in signers.yaml"
        ),
        not_then=Message(
            "{by!r} was not registered as a signer on {on}",
            "check signers.yaml with the signers themselves",
        ),
        unknown=Message(
            "{by!r} is not registered as a signer of this list",
            "check signers.yaml with the signers themselves",
        ),
        another_key=Message(
            "{by!r} signed with a key other than the registered one",
            "check signers.yaml with the signers themselves",
        ),
        twice=Message(
            "{by!r}, or somebody with the same name, signed twice",
            "check signers.yaml with the signers themselves",
        ),
    ),
    "K155": Code(
        "an activation log with an entry that was changed, removed or moved",
        activation_in_future=Message(
            "the last activation is dated {last}, later than {on}", "check this machine's date"
        ),
        head_lost=Message(
            "the log of {n} entries has none whose head is {kept}: it is missing, was cut short or"
            " is another one",
            "restore the list's folder from the copy that was in use; score nothing with it until"
            " then",
        ),
        entry_out_of_order=Message(
            "this entry does not follow the previous one",
            "restore the log; entries are never changed or removed",
        ),
        entry_signature=Message(
            "the signature of {by!r} does not match this entry",
            "restore the log; entries are never changed or removed",
        ),
    ),
    "K156": Code(
        "signing refused without a reason: a held-out child forced to beg falls below "
        "refer, there is none to judge by, a group is worse off, or raters agree too little",
        children_fall=Message(
            "with weight set {weights!r}, held-out children forced to beg fall below refer: "
            "{named}",
            "either raise the weights again or give a reason of {shortest} letters or more with"
            " --override; the set keeps it",
            page="either raise the weights again or give a reason of {shortest} letters or more;"
            " the set keeps it",
        ),
        groups_lose=Message(
            "with weight set {weights!r}, some are worse off than before: {named}",
            "either change the numbers or give a reason of {shortest} letters or more with"
            " --override; the set keeps it",
            page="either change the numbers or give a reason of {shortest} letters or more;"
            " the set keeps it",
        ),
        raters_differ=Message(
            "the {raters} raters behind weight set {weights!r} agree too little: alpha {alpha}"
            " ({low} to {high})",
            "either have them talk and rate again or give a reason of {shortest} letters or more"
            " with --override; the set keeps it",
            page="either have them talk and rate again or give a reason of {shortest} letters or"
            " more; the set keeps it",
        ),
        no_held_out=Message(
            "list {checklist} has no held-out vignette of a child forced to beg, so weight "
            "set {weights!r} cannot be judged",
            "either write such vignettes or give a reason of {shortest} letters or more with"
            " --override; the set keeps it",
            page="either write such vignettes or give a reason of {shortest} letters or more;"
            " the set keeps it",
        ),
    ),
    "K157": Code(
        "invalid bounds or an invalid set of plausible weights",
        file_too_large=Message(
            "the file of bounds is larger than {largest} MiB", "write one line per sign"
        ),
        columns_missing=Message(
            "the columns indicator, low and high are required",
            "add profile too if adults and children differ",
        ),
        not_whole=Message(
            "{low!r} to {high!r} are not valid bounds", "write whole numbers of 0 or more"
        ),
        reversed=Message("{least} to {most} are not valid bounds", "write the lower one first"),
        sign_unknown=Message(
            "{indicator!r} is not a weighted sign", "give a sign that has a weight"
        ),
        profile_unknown=Message(
            "{given!r} is not a profile", "write adult or child, or leave it blank for both"
        ),
        not_weighted_for_profile=Message(
            "{indicator!r} has no weight for the profile {given!r}", "leave the profile blank"
        ),
        csv_unreadable=Message("the file cannot be read as CSV ({error})", "save the bounds again"),
        cell_beyond_header=Message(
            "{surplus!r} is not in any column", "keep one number in each cell"
        ),
        bounds_twice=Message(
            "{row!r} already has bounds for {profile}", "keep one of the two rows"
        ),
        bounds_invalid=Message(
            "{low} to {high} are not valid bounds",
            "write whole numbers of 0 or more, the lower one first",
        ),
        bounds_without_weight=Message(
            "bounds for {indicator!r} ({profile}), which has no weight", "leave them out"
        ),
        plausible_without_weight=Message(
            "plausible weights for {indicator!r}, which has no weight for this profile",
            "leave them out",
        ),
        plausible_count=Message(
            "{n_numbers} plausible weights where {many} are announced", "give one for every draw"
        ),
        column_twice=Message("column {name!r} appears twice", "remove the column"),
        column_unknown=Message("{name!r} is not a column of bounds", "remove the column"),
    ),
    "K158": Code(
        "a weight set whose list of changes does not match its numbers",
        origin_missing=Message(
            "weight set {weights!r} does not say which set it is based on",
            "either write previous (id and sha256) and changes or have 'screening calibrate "
            "weights' write the set",
            page="have the set written again on the page Weights",
        ),
        origin_changed=Message(
            "the set is based on another {before!r} than the one here",
            "either restore the set it is based on or write a new draft",
        ),
        changes_wrong=Message(
            "the changes it lists do not match its numbers; the first: {wrong!r}",
            "either have 'screening calibrate weights' write the set or write the changes "
            "as 'checklist diff' shows them",
            page="have the set written again on the page Weights",
        ),
    ),
}
