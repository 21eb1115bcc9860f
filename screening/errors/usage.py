"""The call: paths, options, outputs, passphrases."""

from __future__ import annotations

from screening.errors.message import Code, Message

__all__ = ["USAGE"]

USAGE: dict[str, Code] = {
    "U301": Code(
        "a file or folder that does not exist or cannot be read",
        unreadable_because=Message("the file cannot be read ({reason})", "check the path"),
        no_file_given=Message("no file given", "give at least one file of cases"),
        nothing_to_score=Message(
            "no file of cases here", "check the path; CSV, XLSX, Parquet, Arrow and JSON are read"
        ),
        not_a_file=Message("not an ordinary file", "give the path of a file"),
        missing=Message("no such file", "check the path"),
        folder=Message("this is a folder, not a file", "check the path"),
        not_allowed=Message("no permission to read the file", "check the path"),
        cannot=Message("the file cannot be read", "check the path"),
    ),
    "U302": Code(
        "an output that already exists",
        weight_set_exists=Message(
            "a weight set with this name already exists",
            "choose another id; existing sets are never changed",
        ),
        folder_not_empty=Message("the folder is not empty", "choose a new folder"),
        case_exists=Message(
            "case {case!r} already exists", "continue with it, or choose another number"
        ),
        file_exists=Message(
            "the file already exists", "either choose another name or add --overwrite"
        ),
        name_taken=Message("a file with this name already exists", "choose another name"),
        folder_exists_overwrite=Message(
            "the folder already exists",
            "either choose another folder or add --overwrite",
            page="choose another folder",
        ),
        key_file_exists=Message(
            "the file already exists", "choose another name; a lost key cannot be recovered"
        ),
        card_exists=Message(
            "the file already exists",
            "either choose another folder or add --overwrite",
            page="choose another folder",
        ),
        folder_exists=Message("the folder already exists", "choose another name"),
        course_open=Message(
            "course {course!r} is already open here", "continue with it, or remove it first"
        ),
    ),
    "U303": Code(
        "an output that cannot be written (disk full, read-only, no such folder)",
        list_folder_read_only=Message(
            "no permission to write to the list's folder",
            "copy the folder and give the copy with --checklist",
            page="ask whoever runs the program to start it with a copy of the list",
        ),
        interview_lost=Message(
            "the interview was not saved and is lost",
            "next time, save it before closing the terminal",
        ),
        parent_is_file=Message(
            "the folder cannot be created ({above} is a file)", "choose another place"
        ),
        parent_read_only=Message("no permission to write to {above}", "choose another place"),
        folder_not_created=Message(
            "the folder cannot be created ({reason})", "choose another place"
        ),
        folder=Message("this is a folder", "give a file name"),
        not_a_file=Message(
            "this is not a file but a device, a pipe or a socket", "give the name of a file"
        ),
        port_unusable=Message(
            "port {port} cannot be used ({reason})", "either leave out --port or give another one"
        ),
        course_lost=Message("the course was not saved and is lost", "next time, add --keep FILE"),
        full=Message(
            "the disk is full; nothing was written", "free some space or choose another place"
        ),
        quota=Message(
            "the disk quota is used up; nothing was written",
            "free some space or choose another place",
        ),
        read_only=Message("the disk is read-only; nothing was written", "choose another place"),
        not_allowed=Message(
            "no permission to write to this folder; nothing was written", "choose another place"
        ),
        no_folder=Message(
            "no such folder; nothing was written", "create the folder or choose another place"
        ),
        name_too_long=Message(
            "the file name is too long; nothing was written", "choose a shorter name"
        ),
        cannot=Message("the file cannot be written; nothing was written", "choose another place"),
    ),
    "U304": Code(
        "a case id that is not in the file",
        no_case=Message("there is no case {case!r} here", "start it, or open its file"),
        no_casebook=Message(
            "this program was started without a casebook", "start it with --store PATH"
        ),
        no_act=Message("{what!r} is nothing that is done to a case", "go back to the case"),
        case_not_in_file=Message("no case {case_id!r} among {n_seen}", "check the id"),
        course_not_open=Message(
            "this course is not open here", "open its file, or start a new course"
        ),
        no_vignette=Message("this course has no such vignette", "choose one from the overview"),
        case_not_open=Message("this case is not open here", "open its file, or start it again"),
        no_file_to_confirm=Message(
            "no file was made, or it was already confirmed", "save the case to a file first"
        ),
        no_file_handed_over=Message(
            "no file has been downloaded yet", "save the case to a file first"
        ),
        no_page=Message("there is no such page", "go back to the interview"),
        no_question=Message("the list has no such question", "choose one from all indicators"),
        no_page_number=Message("there is no page {n}", "go back to the overview"),
    ),
    "U305": Code(
        "an option with a value that is not allowed, or that does not fit the other options",
        day_unreadable=Message("{given!r} is no day", "write year-month-day, such as 2026-12-31"),
        age_unreadable=Message("{given!r} is no age", "write whole years, or leave it empty"),
        trainer_store=Message(
            "a trainer's pages show no cases", "leave out either --store or --trainer"
        ),
        hold_reason=Message(
            "a hold needs a reason, and lifting it needs none", "give either --reason or --lift"
        ),
        no_store=Message(
            "no casebook given", "name its folder with --store, or in SCREENING_STORE"
        ),
        release_or_internal=Message(
            "--release leaves small counts out, and --internal shows them", "choose one of them"
        ),
        internal_who=Message(
            "who sees every count is recorded, and nobody is named", "give act, or leave internal"
        ),
        expected_share=Message(
            "{given} is not a share", "give a number between 0 and 1, such as 0.05"
        ),
        expected_source=Message(
            "nobody is named whose figure the expected share is", "give --source"
        ),
        period_unknown=Message("there is no period {period!r}", "choose one of {known}"),
        since_late=Message("{since} is after {day}", "give an earlier day"),
        needs_store=Message("{option} is for a casebook", "add --store PATH, or leave it out"),
        role_unknown=Message("there is no role {role!r}", "choose one of {known}"),
        close_how=Message(
            "closing is proposed with a reason, or confirmed", "give --reason or --confirm"
        ),
        refer_how=Message("a referral is begun, or its reply noted", "give either --to or --reply"),
        head_unreadable=Message(
            "{head!r} is not the head of a casebook", "copy it whole, as 'store verify' prints it"
        ),
        missing_code=Message(
            "{missing_code!r} = {word!r} does not say what a code for a missing answer stands for",
            "write CODE=unknown, refused, not_asked or not_applicable, such as 99=unknown",
        ),
        missing_code_taken=Message(
            "{missing_code!r} is an answer already, or is given two meanings",
            "give each code one meaning",
        ),
        keep_column=Message("{file} has no column {column!r}", "see the header of the file"),
        keep_long=Message(
            "{file} has one row per answer, and a result is one row per case",
            "leave out --keep, or give one row per case",
        ),
        keep_taken=Message(
            "column {column!r} has the name of a result", "name it differently in the file"
        ),
        keep_json=Message("assessments in JSON have no other columns", "choose csv or xlsx"),
        excel_csv_only=Message(
            "a CSV for spreadsheet programs is written with --format csv for a file, not for {kind}"
            " and not for a folder",
            "choose csv, or leave out --excel; --format xlsx makes a workbook",
        ),
        no_such_profile=Message("{given!r} is not a profile", "choose 'child' or 'adult'"),
        no_training_world=Message(
            "card {model!r} was trained on labels, not on invented cases", "leave out --compare"
        ),
        labels_unlike=Message(
            "{what} has {n} rows and the scores have {rows}, or another index",
            "give one label for each score, under the same index",
        ),
        labels_not_two=Message(
            "the labels are not yes and no", "give booleans, or 1 and 0, and none missing"
        ),
        score_missing=Message(
            "score {screen!r} is missing or infinite in row {row!r}", "give every row a number"
        ),
        no_such_column=Message(
            "results have no column {column!r}", "choose from finding, points, signs, ..."
        ),
        folder_needs_output=Message(
            "a folder of files is scored into a folder", "give --output FOLDER"
        ),
        folder_alone=Message(
            "a folder is scored by itself", "give one folder, or files and no folder"
        ),
        folder_of_json=Message(
            "a folder is scored into tables", "choose parquet, csv, arrow or xlsx"
        ),
        folder_not_mapped=Message(
            "a folder is not read through a mapping", "give the files one by one"
        ),
        folder_only=Message(
            "{option} is for folders of files", "give a folder, or leave {option} out"
        ),
        no_scheduler=Message(
            "no scheduler answers at {address!r}", "check the address, or give 'local'"
        ),
        dataset_differs=Message(
            "this folder holds results of other inputs or settings: {what}",
            "choose another folder, or empty this one",
        ),
        parts_unlike=Message(
            "a worker has another version of {what}", "bring all machines to the same version"
        ),
        not_a_frame=Message(
            "{kind!r} is not a data frame",
            "give a pandas frame, or one of polars, DuckDB or pyarrow",
        ),
        errors_unknown=Message(
            "{given!r} is not a way to treat errors", "choose 'raise' or 'collect'"
        ),
        not_results=Message(
            "a frame without the columns finding, points and signs is not a result",
            "compare what score_frame returned",
        ),
        index_twice=Message(
            "the index names a case twice", "give every case an index of its own and score again"
        ),
        reason_not_needed=Message(
            "no held-out child case falls below refer with this set", "leave out the reason"
        ),
        reason_too_short=Message(
            "the reason is too short", "write at least {shortest_reason} letters, in words"
        ),
        name_unreadable=Message("a name contains unreadable characters", "type it again"),
        no_world_for_list=Message(
            "list {checklist} has no world to draw cases from",
            "either write one next to the list or use the list it was derived from",
            page="ask whoever maintains the list to write one",
        ),
        worlds_not_independent=Message(
            "every world of list {checklist} was used to set one of these weights",
            "measure them on another world",
        ),
        method_unknown=Message("{method!r} is not a method", "choose one of {methods}"),
        method_needs_ratings=Message(
            "method {method} needs ratings",
            "either give a file of ratings or choose the method card",
            page="upload forms or rate on these pages first, or propose from a card",
        ),
        method_needs_card=Message(
            "method {method} needs a card",
            "either add --model or choose the method ratings",
            page="choose a card, or propose from ratings",
        ),
        card_worth=Message(
            "{worth!r} is not a valid number of raters for a card to count as",
            "write a number above 0 and up to 1000, such as 5",
        ),
        activation_reason_too_short=Message(
            "the reason is too short",
            "write at least {shortest_reason} letters: who decided, and why now",
        ),
        draws=Message("{draws} draws is out of range", "write 100 to 100000"),
        plausible_sets=Message("{draws} plausible sets is out of range", "write 0 to 200"),
        alone_without_reason=Message(
            "{text!r} gives no sign and reason", "write SIGN=REASON, such as daily_quota='because'"
        ),
        recall=Message("{recall} is not a share", "write a number between 0 and 1, such as 0.9"),
        proposal_incomplete=Message(
            "a new weight set needs a title, an author and a re-check date",
            "add --title, --author and --recheck-by",
        ),
        interval_width=Message(
            "{width} is not a width of an interval", "write a number from 0.01 to 1, such as 0.2"
        ),
        case_count=Message("{n} cases is out of range", "write 100 to 10000000"),
        rater_count=Message(
            "the number of raters must be 1 to 500",
            "either give names with --name or a number with --raters",
        ),
        set_unknown=Message(
            "list {checklist} has no teaching vignettes {wanted!r}", "choose one of {sets}"
        ),
        course_has_code=Message("this course already has the code {code!r}", "leave out --code"),
        case_of_another_list=Message(
            "this case was recorded with list {list}; another list is open here",
            "start the program with --checklist {list}",
            page="ask whoever runs the program to start it with that list",
        ),
        number_out_of_range=Message("{value!r} is out of range", "write {least} to {most}"),
        card_id=Message(
            "{name!r} is not a valid card id",
            "name the folder with a-z, digits, dots and hyphens, at most 64 characters",
        ),
        card_title=Message("the title is blank or too long", "write 1 to 200 letters"),
        no_family_left=Message(
            "the card would learn in every family of worlds, and could be measured nowhere",
            "leave out the worlds of at least one family",
        ),
        no_world=Message(
            "list {checklist} has no world to draw cases from",
            "either write one or choose another list",
        ),
        language_unknown=Message(
            "{lang!r} is not a language of this tool", "choose one of {languages}"
        ),
        not_for_terminal=Message("{kind!r} cannot be shown in the terminal", "add --output FILE"),
        ctdc_means_alone=Message(
            "--ctdc-means-only works only together with --from ctdc", "add --from ctdc"
        ),
        set_not_for_teaching=Message(
            "vignette set {set!r} is not a teaching set",
            "choose a set with titles, reasons and mistakes",
        ),
        name_too_long=Message(
            "the name is longer than {most} letters", "shorten it, or leave it out"
        ),
        answer_missing=Message(
            "{indicator!r} has no answer in {vignette}",
            "answer every indicator; not_told is also an answer",
        ),
        course_code=Message(
            "{code!r} is not a valid course code",
            "use up to 40 characters: a-z, digits and hyphens; do not use a name",
        ),
        all_exploited=Message("all of the {n_cases} cases are exploited", "draw more cases"),
        none_exploited=Message("none of the {n_cases} cases is exploited", "draw more cases"),
        subgroup_too_small=Message(
            "only {found} training cases belong to subgroup {name}",
            "draw more cases; at least {fewest} are needed",
        ),
        encoding_unknown=Message(
            "{encoding!r} is not a text encoding", "write, for example, cp1250, cp1251 or utf-16"
        ),
        sheet_unknown=Message("there is no worksheet {sheet!r}", "choose one of {sheets}"),
        letter_languages=Message(
            "{languages!r} is not a choice of languages for a letter",
            "choose one or two of {known}",
        ),
        kernel_unknown=Message(
            "there is no kernel {chosen!r}", "either write numpy or numba, or leave it out"
        ),
        number_of_cases=Message("{n!r} is not a number of cases", "write 1 or more"),
        seed=Message("{seed!r} is not a seed", "write 0 or more"),
        universe=Message("{universe!r} is not a universe", "write 0 or more"),
        no_begging_children=Message(
            "this world has no children who beg, exploited and not", "choose another world"
        ),
        two_prevalences=Message(
            "--prevalence and --among-begging-children say the same thing twice", "give one of them"
        ),
        prevalence=Message("{prevalence!r} is not a prevalence", "write a share from 0 to 1"),
        import_into_catalogue=Message(
            "list {checklist} is itself based on {catalogue}", "import into {catalogue}"
        ),
        output_is_input=Message(
            "the output is also one of the inputs",
            "choose another name",
            page="choose another name",
        ),
        json_is_not_a_table=Message("JSON holds whole assessments, not a table", "use score_file"),
        format_unknown=Message("{given!r} is not a format", "choose one of {formats}"),
        synthetic_format=Message(
            "synthetic cases are written as a table",
            "end the file name in .parquet, .arrow, .csv or .xlsx",
        ),
        sheet_full=Message("a worksheet holds at most {most_rows} cases", "choose parquet or csv"),
        course_set_unknown=Message(
            "there are no teaching vignettes {set!r}", "choose one of {known}"
        ),
        forget_number_differs=Message(
            "this is not the case number; nothing was deleted", "type it as shown above"
        ),
        too_many_files=Message("{n} files at once", "upload at most {most} at a time"),
        nothing_rated=Message("nothing has been rated yet", "upload forms, or rate on these pages"),
        not_in_first_round=Message(
            "a later round is only for those who rated the previous one",
            "enter the code you rated with",
        ),
        round_empty=Message("nobody has rated round {n}", "choose one of the rounds offered"),
        too_few_for_second_round=Message(
            "a second round needs at least two raters in the first",
            "upload forms, or rate on these pages",
        ),
        round_rated=Message("this round already has ratings", "remove them first"),
        ratings_from_file=Message(
            "the ratings of {rater} came from a file and cannot be changed on these pages",
            "correct the form, remove the old one and upload it again",
        ),
        not_in_previous_round=Message(
            "{rater} rated nothing in the previous round",
            "a later round is only for those who rated the previous one",
        ),
        set_in_force=Message("this set is already in force", "choose another one"),
        world_unknown=Message(
            "there is no world {world!r} to test these weights on", "choose one of {worlds}"
        ),
        nothing_proposed=Message(
            "no weights have been proposed yet",
            "propose weights first; a set records how it was made",
        ),
        no_set=Message(
            "list {checklist} has no teaching vignettes", "choose another list with --checklist"
        ),
        sign_in_future=Message("{on} is in the future", "sign on the day itself"),
        activate_in_future=Message(
            "{on} is in the future",
            "activate the set on that day; it is used for scoring from then on",
        ),
        course_of_another_list=Message(
            "this course was started with list {then!r}, not {now!r}", "open it with {then!r}"
        ),
        course_of_another_set=Message(
            "this course was started with vignette set {then!r}, not {now!r}",
            "open it with {then!r}",
        ),
    ),
    "U306": Code(
        "a package that an optional feature needs is not installed",
        store_packages=Message(
            "the casebook needs {missing}, which is not installed", "install screening[casebook]"
        ),
        jobs_packages=Message("{error} is not installed", "install screening[ml]"),
        cluster_packages=Message("{error} is not installed", "install screening[cluster]"),
        trainer_packages=Message(
            "{error} is not installed",
            "install screening[trainer]",
            page="ask whoever runs the program to install screening[trainer]",
        ),
        encryption_package=Message(
            "encryption needs a package that is not installed",
            "install screening[web]",
            page="ask whoever runs the program to install screening[web]",
        ),
        web_packages=Message(
            "the browser interview needs packages that are not installed ({missing})",
            "install screening[web]",
        ),
        plot_packages=Message(
            "{error} is not installed",
            "install screening[ml]",
            page="ask whoever runs the program to install screening[ml]",
        ),
        compare_packages=Message(
            "{error} is not installed", "install screening[ml]; EBM needs screening[compare]"
        ),
        training_packages=Message(
            "{error} is not installed",
            "install screening[ml]; scoring with a shipped card does not need it",
        ),
        letter_package=Message(
            "a letter needs the package {name}, which is not installed",
            "install screening[web]",
            page="ask whoever runs the program to install screening[web]",
        ),
        tables_packages=Message(
            "{error} is not installed: this edition has the interview, cards and letters, and reads"
            " no tables",
            "add what tables need, as 'docs/install.md' says",
        ),
        numba_missing=Message(
            "numba is not installed", "either install screening[fast] or leave out the kernel"
        ),
    ),
    "U307": Code(
        "a file name that does not show the format",
        form_suffix=Message("the file name does not show the format", "end it in .xlsx or .csv"),
        calendar_suffix=Message("the file name does not show the format", "end it in .ics"),
        work_list_suffix=Message(
            "the file name does not show the format", "end it in .csv, .xlsx or .json"
        ),
        statistics_suffix=Message(
            "the file name does not show the format", "end it in .csv, .xlsx or .svg"
        ),
        paper_suffix=Message(
            "there are no pictures of the article's tables", "end it in .csv or .xlsx"
        ),
        pocket_suffix=Message("the file name does not show the format", "end it in .html"),
        letter_suffix=Message(
            "the file name does not show the format", "end it in .pdf, .html or .txt"
        ),
        forms_suffix=Message(
            "the file name does not show the format", "give the forms as .xlsx or .csv files"
        ),
        answers_suffix=Message(
            "the file name does not show the kind of table", "end it in .csv or .json"
        ),
        report_suffix=Message(
            "the file name does not show the kind of report", "end it in {kinds}"
        ),
        listing_suffix=Message(
            "the file name does not show the format",
            "end it in .xlsx (to fill in) or .html (to print)",
        ),
        table_suffix=Message(
            "the file name does not show the format",
            "either end it in one of {by_suffix} or add --format",
        ),
        course_report_kind=Message(
            "{kind!r} is not a kind of course report", "choose one of {known}"
        ),
        letter_kind=Message("{kind!r} is not a kind of letter", "choose 'html', 'pdf' or 'txt'"),
        form_kind=Message("{kind!r} is not a kind of form", "choose xlsx or csv"),
    ),
}
