"""The call: paths, options, outputs, passphrases."""

from __future__ import annotations

from screening.errors.message import Code, Message

__all__ = ["USAGE"]

USAGE: dict[str, Code] = {
    "U301": Code(
        "a file or folder that is not there or cannot be read",
        cannot_read=Message("it cannot be read ({reason})", "check the path"),
        cannot_read_2=Message("it cannot be read ({getattr})", "check the path", english=True),
        cannot_read_3=Message("it cannot be read ({strerror})", "check the path", english=True),
        no_file_given=Message("no file was given", "give at least one file of cases", english=True),
        not_plain_file=Message("this is not a plain file", "give the path of a file", english=True),
        no_such_file=Message("there is no such file", "check the path", english=True),
        missing=Message("there is no such file", "check the path", english=True),
        folder=Message("this is a folder, not a file", "check the path", english=True),
        not_allowed=Message("it may not be read", "check the path", english=True),
        cannot=Message("it cannot be read", "check the path", english=True),
    ),
    "U302": Code(
        "an output that exists already",
        weight_set_name_already=Message(
            "there is a weight set of this name already",
            "choose another id; no set is ever changed",
        ),
        something_already=Message(
            "something is there already", "choose a new folder", english=True
        ),
        case_already=Message(
            "there is a case {case!r} already", "go on with it, or choose another number"
        ),
        file_exists_already=Message(
            "this file exists already",
            "either choose another name or say --overwrite",
            english=True,
        ),
        file_name_already=Message("there is a file of this name already", "choose another name"),
        something_already_2=Message(
            "something is there already",
            "either choose another folder or say --overwrite",
            english=True,
        ),
        file_exists_already_2=Message(
            "this file exists already",
            "choose another name; a key that is lost cannot be made again",
            english=True,
        ),
        file_exists_already_3=Message(
            "this file exists already",
            "either choose another folder or say --overwrite",
            english=True,
        ),
        folder_exists_already=Message(
            "this folder exists already", "choose another name", english=True
        ),
        course_open_already=Message(
            "the course {course!r} is open here already", "go on with it, or forget it first"
        ),
    ),
    "U303": Code(
        "an output that cannot be written (disk full, read-only, no such folder)",
        list_folder_may_not=Message(
            "the list's folder may not be written to",
            "copy the list's folder and name the copy with --checklist",
            page="copy the list's folder and start the program with the copy",
            english=True,
        ),
        cannot_written=Message("it cannot be written ({reason})", "choose another place"),
        interview_not_saved_gone=Message(
            "the interview was not saved and is gone with this program",
            "next time save it before closing the terminal",
        ),
        folder_cannot_made_file=Message(
            "the folder cannot be made ({above} is a file)", "choose another place", english=True
        ),
        nothing_can_written_into=Message(
            "nothing can be written into {above}", "choose another place", english=True
        ),
        folder_cannot_made=Message(
            "the folder cannot be made ({strerror})", "choose another place", english=True
        ),
        folder=Message("this is a folder", "give a file name", english=True),
        port_cannot_used=Message(
            "port {port} cannot be used ({strerror})",
            "leave --port out, or name another",
            english=True,
        ),
        course_gone=Message(
            "the course was not kept and is gone with this program",
            "next time say --keep FILE",
            english=True,
        ),
        full=Message(
            "the disk is full", "free or choose another place; nothing was written", english=True
        ),
        quota=Message(
            "the disk quota is used up",
            "free or choose another place; nothing was written",
            english=True,
        ),
        read_only=Message(
            "the disk is read-only",
            "free or choose another place; nothing was written",
            english=True,
        ),
        not_allowed=Message(
            "this folder may not be written to",
            "free or choose another place; nothing was written",
            english=True,
        ),
        no_folder=Message(
            "there is no such folder",
            "free or choose another place; nothing was written",
            english=True,
        ),
        name_too_long=Message(
            "the name is too long",
            "free or choose another place; nothing was written",
            english=True,
        ),
        cannot=Message(
            "it cannot be written",
            "free or choose another place; nothing was written",
            english=True,
        ),
    ),
    "U304": Code(
        "a case id that is not in the file",
        no_case=Message("there is no case {case!r} here", "begin it, or open its file"),
        no_case_among=Message(
            "there is no case {case_id!r} among {n_seen}", "check the id", english=True
        ),
        course_not_open=Message(
            "this course is not open here", "take up its file, or begin a new one"
        ),
        no_such_vignette_course=Message(
            "there is no such vignette in this course", "choose one from the overview"
        ),
        case_not_open=Message("this case is not open here", "open its file, or begin it anew"),
        no_file_been_made=Message(
            "no file has been made, or it was confirmed already", "save the case to a file first"
        ),
        no_file_been_handed=Message(
            "no file has been handed over yet", "save the case to a file first"
        ),
        no_such_page=Message("there is no such page", "go back to the interview"),
        no_such_question_list=Message(
            "there is no such question in this list", "choose one from all items"
        ),
        no_page=Message("there is no page {n} here", "go back to the overview"),
    ),
    "U305": Code(
        "an option whose value is not one of the allowed ones, or that does not fit the others",
        no_held_out_child=Message(
            "no held-out child falls with this set", "leave the reason out; nothing asks for one"
        ),
        reason_too_short_say=Message(
            "the reason is too short to say anything",
            "write {shortest_reason} letters or more, in words",
            english=True,
        ),
        name_letters_cannot_read=Message(
            "a name has letters that cannot be read", "type it anew", english=True
        ),
        list_no_world_invent=Message(
            "the list {checklist} has no world to invent cases of",
            "write one beside the list, or measure with the list that this one comes from",
            english=True,
        ),
        every_world_list_set=Message(
            "every world of the list {checklist} set one of these weights",
            "write another world to measure them on",
            english=True,
        ),
        no_method=Message("{method!r} is no method", "one of {methods}", english=True),
        method_needs_ratings=Message(
            "the method {method} needs ratings",
            "give a file of ratings, or choose the method card",
            page="take in forms or rate on these pages first, or propose from a card",
            english=True,
        ),
        method_needs_card=Message(
            "the method {method} needs a card",
            "give --model, or choose the method ratings",
            page="choose a card, or propose from what people say",
            english=True,
        ),
        no_worth_card=Message(
            "{worth!r} is no worth of a card",
            "say for how many raters it counts, such as 5, and at most 1000",
            english=True,
        ),
        reason_too_short_say_2=Message(
            "the reason is too short to say anything",
            "write {shortest_reason} letters or more: who decided, and why now",
            english=True,
        ),
        draws=Message("{draws} draws", "write 100 to 100000", english=True),
        plausible_sets=Message("{draws} plausible sets", "write 0 to 200", english=True),
        no_share=Message(
            "{recall} is no share", "write a number between 0 and 1, such as 0.9", english=True
        ),
        cases=Message("{n} cases", "write 100 to 10000000", english=True),
        nobody_ask_more_than=Message(
            "nobody to ask, or more than 500",
            "name people with --name, or say how many with --raters",
            english=True,
        ),
        list_no_vignettes_teach=Message(
            "the list {checklist} has no vignettes {wanted!r} to teach with",
            "known: {sets}",
            english=True,
        ),
        course_code=Message("this course has the code {code_!r}", "leave --code out", english=True),
        case_recorded_list_another=Message(
            "this case was recorded with the list {list}, and another one is open here",
            "start the program with --checklist {list}",
        ),
        not_given=Message("{value!r} does not do here", "write {least} to {most}", english=True),
        no_id_card=Message(
            "{name!r} is no id for a card",
            "name the folder in small letters a-z, digits, points and hyphens, 64 at most",
            english=True,
        ),
        title_blank_too_long=Message(
            "the title is blank or too long", "write up to 200 letters", english=True
        ),
        not_given_2=Message(
            "{begging_weight!r} does not do here",
            "write 0.1 to 100; 1 counts everybody once",
            english=True,
        ),
        list_no_worlds_draw=Message(
            "the list {loaded} has no worlds to draw cases from",
            "write one first, or choose another list",
            english=True,
        ),
        no_language_tool=Message(
            "{lang!r} is no language of this tool", "choose one of {languages}", english=True
        ),
        cannot_go_screen=Message(
            "{format} cannot go to the screen", "give a file with --output", english=True
        ),
        ctdc_means_only_goes=Message(
            "--ctdc-means-only goes with --from", "add --from ctdc", english=True
        ),
        vignettes_not_made_teaching=Message(
            "the vignettes {set!r} were not made for teaching",
            "take a set with titles, reasons and mistakes",
        ),
        name_longer_than_letters=Message(
            "the name is longer than {most} letters", "shorten it, or leave it out"
        ),
        no_answer=Message(
            "{indicator!r} has no answer in {vignette}",
            "answer every item; not_told is an answer",
            english=True,
        ),
        no_code_course=Message(
            "{code_!r} is no code of a course",
            "use up to 40 letters a to z, digits and hyphens; no name",
            english=True,
        ),
        among_cases_exploited=Message(
            "among {n_cases} cases {what} exploited", "draw more cases", english=True
        ),
        only_training_cases_subgroup=Message(
            "only {found} training cases are of the subgroup {name}",
            "draw more cases; {fewest} are the least",
            english=True,
        ),
        no_text_encoding=Message(
            "{encoding!r} is no text encoding",
            "write for example cp1250, cp1251 or utf-16",
            english=True,
        ),
        no_languages_letter=Message(
            "{languages!r} are no languages of a letter", "name one or two of {known}"
        ),
        no_kernel=Message(
            "there is no kernel {chosen!r}", "write numpy or numba, or leave it out", english=True
        ),
        no_number_cases=Message("{n!r} is no number of cases", "write 1 or more", english=True),
        no_seed=Message("{seed!r} is no seed", "write 0 or more", english=True),
        no_prevalence=Message(
            "{prevalence!r} is no prevalence", "write a share from 0 to 1", english=True
        ),
        list_itself_rests=Message(
            "the list {checklist} itself rests on {catalogue}",
            "import into {catalogue}",
            english=True,
        ),
        output_one_inputs=Message(
            "the output is one of the inputs", "choose another name", english=True
        ),
        neither_file_nor_stream=Message(
            "there is neither a file nor a stream to write to", "give one", english=True
        ),
        json_holds_whole_assessments=Message(
            "JSON holds whole assessments, not a table", "use score_json", english=True
        ),
        no_format=Message("{given!r} is no format", "one of {formats}", english=True),
        synthetic_cases_written_table=Message(
            "synthetic cases are written as a table",
            "end the name in .parquet, .arrow, .csv or .xlsx",
            english=True,
        ),
        cannot_go_screen_2=Message(
            "{kind!r} cannot go to the screen",
            "either give a file with --output or use table, csv or json",
            english=True,
        ),
        sheet_workbook_holds_cases=Message(
            "a sheet of a workbook holds {most_rows} cases", "choose parquet or csv", english=True
        ),
        no_vignettes_teach=Message(
            "there are no vignettes {set!r} to teach with", "known: {known}"
        ),
        case_number_not_one=Message(
            "the case number is not this one; nothing was forgotten", "type it as it stands above"
        ),
        files_once=Message("{n} files at once", "take in at most {most} at a time"),
        nothing_rated_yet=Message("nothing is rated yet", "take in forms, or rate on these pages"),
        later_round_those_who=Message(
            "a later round is for those who rated the one before",
            "write the code that you rated with",
        ),
        nobody_rated_round=Message(
            "nobody has rated round {n}", "choose one of the rounds that are offered"
        ),
        second_round_needs_two=Message(
            "a second round needs two raters of a first one",
            "take in forms, or rate on these pages",
        ),
        somebody_rated_round_already=Message(
            "somebody has rated this round already", "take their ratings out first"
        ),
        ratings_came_file_not=Message(
            "the ratings of {rater} came in as a file and are not changed on these pages",
            "correct the form, take the old one out, and take it in again",
        ),
        rated_nothing_round_before=Message(
            "{rater} rated nothing in the round before",
            "a later round is for those who rated the one before",
        ),
        set_force_already=Message("this set is in force already", "choose another one"),
        no_world_try_these=Message(
            "{world!r} is no world to try these weights on", "choose one of {worlds}"
        ),
        nothing_proposed_yet=Message(
            "nothing was proposed yet", "propose weights first: a set says how it was made"
        ),
        no_such_set=Message(
            "the list {checklist} has no vignettes {wanted!r} to teach with",
            "known: {sets}",
            english=True,
        ),
        no_set=Message(
            "the list {checklist} has no vignettes to teach with",
            "choose another list with --checklist",
            english=True,
        ),
        sign_in_future=Message("{on} is a day to come", "sign on the day itself", english=True),
        activate_in_future=Message(
            "{on} is a day to come",
            "put the set in force on the day itself: it scores from then on at once",
            english=True,
        ),
        course_of_another_list=Message(
            "this course was begun with the list {then!r}, not {now!r}", "open it with {then!r}"
        ),
        course_of_another_set=Message(
            "this course was begun with the set of vignettes {then!r}, not {now!r}",
            "open it with {then!r}",
        ),
    ),
    "U306": Code(
        "a package that an optional part needs is not installed",
        not_installed=Message(
            "{error} is not installed", "install screening[trainer]", english=True
        ),
        encrypting_needs_package_not=Message(
            "encrypting needs a package that is not installed", "install screening[web]"
        ),
        browser_interview_needs_packages=Message(
            "the browser interview needs packages that are not installed ({missing})",
            "install screening[web]",
            english=True,
        ),
        not_installed_2=Message("{error} is not installed", "install screening[ml]", english=True),
        not_installed_3=Message(
            "{error} is not installed",
            "install screening[ml]; EBM needs screening[compare]",
            english=True,
        ),
        not_installed_4=Message(
            "{error} is not installed",
            "install screening[ml]; scoring with a shipped card needs nothing more",
            english=True,
        ),
        letter_needs_package_not=Message(
            "a letter needs the package {name}, which is not installed", "install screening[web]"
        ),
        numba_not_installed=Message(
            "numba is not installed",
            "either install screening[fast] or leave the kernel out",
            english=True,
        ),
    ),
    "U307": Code(
        "a format that a file's name does not tell",
        name_not_tell_format=Message(
            "the name does not tell the format", "end it in .xlsx or .csv", english=True
        ),
        name_not_tell_format_2=Message(
            "the name does not tell the format", "give the forms as .xlsx or .csv"
        ),
        name_not_say_kind=Message(
            "the name does not say which kind of table this is",
            "end it in .csv or .json",
            english=True,
        ),
        name_not_say_kind_2=Message(
            "the name does not say which kind of report this is", "end it in {kinds}", english=True
        ),
        name_not_tell_format_3=Message(
            "the name does not tell the format",
            "end it in .xlsx (to fill in) or .html (to print)",
            english=True,
        ),
        name_not_tell_format_4=Message(
            "the name does not tell the format",
            "either end it in one of {by_suffix} or give --format",
            english=True,
        ),
        course_report_not=Message("a course report is {known}, not {kind!r}", "choose one of them"),
        letter_html_pdf_not=Message(
            "a letter is html or pdf, not {kind!r}", "choose one of the two"
        ),
        no_form_kind=Message("there is no form of the kind {kind!r}", "choose xlsx or csv"),
        name_not_tell_format_5=Message(
            "the name does not tell the format", "give the forms as .xlsx or .csv"
        ),
    ),
    "U310": Code(
        "a finding asked for before the officer's own judgement is recorded",
        key_shown_after_your=Message(
            "the key is shown after your own judgement is recorded",
            "record your own judgement first",
            english=True,
        ),
        finding_shown_after_your=Message(
            "the finding is shown after your own judgement is recorded",
            "record your own judgement first; it is kept beside the finding",
        ),
    ),
    "U311": Code(
        "a passphrase that is not the one the file was saved with",
        passphrase_not_one_file=Message(
            "the passphrase is not the one this file was saved with",
            "try again; capitals and spaces count",
        ),
        no_passphrase_given=Message(
            "no passphrase was given", "type it when it is asked for", english=True
        ),
    ),
    "U312": Code(
        "an encrypted case file that is damaged, or a file that is none",
        file_holds_no_signing=Message(
            "this file holds no signing key",
            "choose the file that 'screening calibrate key' wrote",
            page="choose the key file that was made for you",
            english=True,
        ),
        file_damaged_not_saved=Message(
            "the file is damaged: it is not as it was saved",
            "use another copy; your passphrase was not tried",
        ),
        no_case_file_program=Message(
            "this is no case file of this program",
            "choose a file that it saved, ending in {suffix}",
        ),
        no_file_signing_key=Message(
            "this is no file with a signing key",
            "choose the file that 'screening calibrate key' wrote",
            page="choose the key file that was made for you",
            english=True,
        ),
    ),
    "U313": Code(
        "a passphrase that is too weak",
        two_passphrases_not_same=Message(
            "the two passphrases are not the same", "type it twice alike"
        ),
        passphrase_fewer_than_letters=Message(
            "the passphrase has fewer than {least} letters, or few different ones",
            "take six words that do not belong together; without the passphrase nobody can open the"
            " file, you included",
        ),
        two_passphrases_not_same_2=Message(
            "the two passphrases are not the same", "type it twice alike"
        ),
    ),
    "U314": Code(
        "a file that is no course or course report, or of another format",
        answers_not_those_course=Message(
            "the answers to {vignette!r} are not those that this course puts",
            "take the course file as this program kept it",
        ),
        larger_than_any_course=Message(
            "this is larger than any course", "take a course file as this program kept it"
        ),
        nested_deeper_than_any=Message(
            "this is nested deeper than any course", "take a course file as this program kept it"
        ),
        no_course_version_can=Message(
            "this is no course that this version can read ({why!r})",
            "take a course file as this program kept it",
        ),
        no_course=Message(
            "this is no course that this version can read ({why})",
            "take a course file as this program kept it",
        ),
        no_report=Message(
            "this is no course report that this version can read ({why})",
            "take a course report file as this program kept it",
        ),
    ),
    "U315": Code(
        "a course whose list, weights or vignettes have changed since it was begun",
        what_course_begun_changed=Message(
            "what this course was begun with has changed since: {changed}",
            "begin a new course, or use list version {version} with the weights {weights}",
        ),
    ),
    "U316": Code(
        "a vignette that the course does not have, or that is done already",
        vignette_not_course=Message(
            "the vignette {vignette!r} is not in this course",
            "choose one of the course",
            english=True,
        ),
        vignette_done_already_what=Message(
            "the vignette {vignette!r} is done already; what was recorded first stays",
            "go on with the next one",
        ),
    ),
    "U317": Code(
        "course reports that cannot be put together: of another list, or one of them twice",
        no_report_put_together=Message(
            "there is no report to put together", "name at least one", english=True
        ),
        report_stands_twice=Message(
            "the report {one!r} stands twice",
            "name each report once; a later one of the same course takes its place",
            english=True,
        ),
        reports_not_same=Message(
            "the reports {first!r} and {one!r} are not of the same {what}",
            "put together what was made with the same",
            english=True,
        ),
    ),
    "U318": Code(
        "an own judgement that is to be changed after the finding was shown",
        your_own_judgement_stays=Message(
            "your own judgement stays as it was before the finding was shown",
            "record what you decide now; both are kept",
        ),
    ),
}
