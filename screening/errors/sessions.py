"""What goes on while a program runs: interviews, pages, courses and keys."""

from __future__ import annotations

from screening.errors.message import Code, Message

__all__ = ["SESSIONS"]

SESSIONS: dict[str, Code] = {
    "U310": Code(
        "a finding requested before the officer's own judgement is recorded",
        key_before_judgement=Message(
            "the key is shown only after your own judgement is recorded",
            "record your own judgement first",
        ),
        finding_before_judgement=Message(
            "the finding is shown only after your own judgement is recorded",
            "record your own judgement first; it is kept next to the finding",
        ),
    ),
    "U311": Code(
        "a passphrase that is missing or is not the one the file was saved with",
        wrong_passphrase=Message(
            "this is not the passphrase the file was saved with",
            "try again; capitals and spaces count",
        ),
        wrong_passphrase_for_casebook=Message(
            "this is neither the casebook's passphrase nor its recovery key",
            "try again; capitals and spaces count",
        ),
        recovery_key_misspelt=Message(
            "the recovery key is misspelt", "compare it with the paper, letter by letter"
        ),
        no_passphrase=Message("no passphrase given", "type it when asked"),
    ),
    "U312": Code(
        "an encrypted case file that is damaged, or a file of another kind",
        no_signing_key=Message(
            "the file contains no signing key",
            "choose the file written by 'screening calibrate key'",
            page="choose the key file that was made for you",
        ),
        file_damaged=Message(
            "the file is damaged: it differs from what was saved",
            "use another copy; your passphrase was not tried",
        ),
        too_large=Message(
            "this is larger than a file can hold: {size} MB, at most {most} MB",
            "print the letter, and shorten notes until it fits",
        ),
        not_a_case_file=Message(
            "not a case file of this program",
            "choose a file saved by this program, ending in {suffix}",
        ),
        not_a_key_file=Message(
            "not a signing key file",
            "choose the file written by 'screening calibrate key'",
            page="choose the key file that was made for you",
        ),
    ),
    "U313": Code(
        "a passphrase that is too weak or typed differently the second time",
        passphrases_differ=Message(
            "the two passphrases are not the same", "type the same passphrase twice"
        ),
        passphrase_weak=Message(
            "the passphrase has fewer than {least} characters, or few different ones",
            "use six unrelated words; without the passphrase nobody can open the file, not "
            "even you",
        ),
    ),
    "U314": Code(
        "a file that is not a course or course report, or has another format",
        answers_differ=Message(
            "the answers to {vignette!r} are not the ones this course asks for",
            "use the course file as this program saved it",
        ),
        course_too_large=Message(
            "the file is too large to be a course", "use a course file as this program saved it"
        ),
        course_too_deep=Message(
            "the file is nested too deeply to be a course",
            "use a course file as this program saved it",
        ),
        course_not_json=Message(
            "the file is not valid JSON", "use a course file as this program saved it"
        ),
        key_twice=Message(
            "key {name!r} appears twice in one object", "use a course file as this program saved it"
        ),
        no_value=Message("{word} is not a value", "use a course file as this program saved it"),
        not_a_course=Message(
            "the file is not a course that this version can read",
            "use a course file as this program saved it",
        ),
        course_unreadable=Message(
            "{where!r} is not as in a course that this version can read",
            "use a course file as this program saved it",
        ),
        vignette_twice=Message(
            "a vignette appears twice in the course", "use a course file as this program saved it"
        ),
        vignette_unknown=Message(
            "{where!r} is not one of the vignettes of the course",
            "use a course file as this program saved it",
        ),
        judgement_missing=Message(
            "vignette {vignette!r} is done but has no judgement",
            "use a course file as this program saved it",
        ),
        done_and_begun=Message(
            "vignette {vignette!r} is both done and begun",
            "use a course file as this program saved it",
        ),
        not_a_report=Message(
            "the file is not a course report that this version can read",
            "use a course report as this program saved it",
        ),
        report_unreadable=Message(
            "{where!r} is not as in a course report that this version can read",
            "use a course report as this program saved it",
        ),
        counts_differ=Message(
            "the counts for {indicator!r} do not add up to how often it was coded",
            "use a course report as this program saved it",
        ),
        hits_beyond_total=Message(
            "{where!r} has more hits than there are answers or judgements",
            "use a course report as this program saved it",
        ),
    ),
    "U315": Code(
        "a course whose list, weights or vignettes have changed since it was started",
        list_changed=Message(
            "the list has changed since this course was started",
            "either start a new course or use list version {version} with weights {weights}",
        ),
        weights_changed=Message(
            "the weights have changed since this course was started",
            "either start a new course or use list version {version} with weights {weights}",
        ),
        vignettes_changed=Message(
            "the vignettes have changed since this course was started",
            "either start a new course or use list version {version} with weights {weights}",
        ),
    ),
    "U316": Code(
        "a vignette that is not in the course, or is already done",
        vignette_not_in_course=Message(
            "vignette {vignette!r} is not in this course", "choose one that is"
        ),
        vignette_done=Message(
            "vignette {vignette!r} is already done; the first record stays",
            "continue with the next one",
        ),
    ),
    "U317": Code(
        "course reports that do not go together: from different lists, or the same one twice",
        no_reports=Message("no reports to combine", "give at least one"),
        report_twice=Message(
            "report {one!r} appears twice",
            "give each report once; a later one of the same course replaces it",
        ),
        lists_differ=Message(
            "reports {first!r} and {one!r} were made with different lists",
            "combine only reports made with the same list",
        ),
        weights_differ=Message(
            "reports {first!r} and {one!r} were made with different weights",
            "combine only reports made with the same weights",
        ),
        sets_differ=Message(
            "reports {first!r} and {one!r} were made with different sets of vignettes",
            "combine only reports made with the same set of vignettes",
        ),
    ),
    "U319": Code(
        "a letter without what the other office needs",
        letter_incomplete=Message(
            "the letter lacks: {fields}",
            "give each with --set, such as --set {example}; or add --by-hand, which leaves lines"
            " for them",
            page="fill them in; what you typed is kept",
        ),
        field_unknown=Message("the letter has no field {field!r}", "choose one of {known}"),
        field_without_text=Message(
            "{value!r} gives a field no text",
            "write the field, '=' and its text, such as 'place=Vushtrri'",
        ),
    ),
    "U318": Code(
        "a change to the officer's own judgement after the finding was shown",
        judgement_fixed=Message(
            "your own judgement stays as it was before the finding was shown",
            "record what you decide now; both are kept",
        ),
    ),
    "U308": Code(
        "a decision over danger that needs a reason",
        reason_missing=Message(
            "danger was recorded, and a decision that nothing is indicated needs a reason",
            "write down why, or decide otherwise",
        ),
    ),
}
