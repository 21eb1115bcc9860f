"""Cases and tables of cases."""

from __future__ import annotations

from screening.errors.message import Code, Message

__all__ = ["CASES"]

CASES: dict[str, Code] = {
    "C201": Code(
        "the file is empty or has no case in it",
        array_empty_no_case=Message("the array is empty: no case in it", english=True),
        file_empty=Message(
            "the file is empty", "check that it was saved or copied whole", english=True
        ),
        file_holds_nothing_but=Message(
            "the file holds nothing but blanks",
            "check that it was saved or copied whole",
            english=True,
        ),
        header_but_no_case=Message(
            "there is a header but no case", "check that it was copied whole", english=True
        ),
        header_but_no_case_2=Message(
            "there is a header but no case", "check that it was saved or copied whole", english=True
        ),
        sheet_empty=Message(
            "the sheet {title!r} is empty", "put the cases on the first sheet", english=True
        ),
        no_visible_sheet=Message(
            "there is no visible sheet", "put the cases on the first sheet", english=True
        ),
    ),
    "C202": Code(
        "the file is not of the kind its name says, or of no kind that is read",
        name_says_but=Message(
            "the name says {named} but this is {found}",
            "check the file, or give it a name that ends in .{found}",
            english=True,
        ),
        xml_not_utf=Message("XML that is not UTF-8", "save it anew as .xlsx", english=True),
        archive_password=Message("an archive with a password", "save it without one", english=True),
        zip_archive_no_workbook=Message(
            "a ZIP archive that is no workbook",
            "unpack it, or save the table as .xlsx or CSV",
            english=True,
        ),
        another_kind=Message("this is {what}", "{write}", english=True),
    ),
    "C203": Code(
        "the text is not UTF-8 and no encoding was declared, or the declared one does not fit",
        utf_text=Message(
            "this is UTF-16 text",
            "either save it as UTF-8 or declare it: --encoding utf-16",
            english=True,
        ),
        text_utf_not=Message(
            "the text is UTF-8, not {encoding}", "leave --encoding out", english=True
        ),
        text_not_utf=Message(
            "text that is not UTF-8", "write the file anew with UTF-8 text", english=True
        ),
        half_character=Message("{object} is half a character", "send text as UTF-8", english=True),
        case_number_letters_cannot=Message(
            "the case number has letters that cannot be read", "type it anew"
        ),
        looks_like_utf16=Message(
            "this looks like UTF-16 text or no text at all",
            "either save it as UTF-8 or declare what it is, such as --encoding utf-16",
            english=True,
        ),
        not_as_declared=Message("the text is not {encoding}", "declare what it is", english=True),
        not_utf8=Message(
            "the text is not UTF-8",
            "either save it as UTF-8 or declare what it is, such as --encoding cp1250",
            english=True,
        ),
    ),
    "C204": Code(
        "the file ends too early or is damaged",
        file_damaged_ends_too=Message(
            "the file is damaged or ends too early",
            "check that it was saved or copied whole",
            english=True,
        ),
        quote_header_never_closed=Message(
            "a quote in the header is never closed",
            "check that the file was saved or copied whole",
            english=True,
        ),
        file_ends_middle_row=Message(
            "the file ends in the middle of a row, after {found} of {expected} cells",
            "check that it was saved or copied whole",
            english=True,
        ),
        quote_never_closed_text=Message(
            "a quote that is never closed, or text after a closing quote",
            "check its quotes, and that the file was saved or copied whole",
            english=True,
        ),
        file_ends_before_array=Message(
            "the file ends before the array does",
            "check that it was saved or copied whole",
            english=True,
        ),
        file_ends_middle_case=Message(
            "the file ends in the middle of this case",
            "check that it was saved or copied whole",
            english=True,
        ),
        not_readable_csv=Message(
            "not readable as CSV ({splitlines!r})", "check that it was copied whole", english=True
        ),
        workbook_damaged_ends_too=Message(
            "the workbook is damaged or ends too early ({name})",
            "open it in a spreadsheet and save it anew",
            english=True,
        ),
    ),
    "C205": Code(
        "the file is larger inside than any table of cases (archive bomb), or nested too deeply",
        row_more_than_mib=Message(
            "a row of more than {block} MiB or one that cannot be parsed ({error})",
            "check its quotes",
            english=True,
        ),
        header_longer_than_million=Message(
            "the header is longer than a million characters", "check its quotes", english=True
        ),
        cell_more_than_mib=Message(
            "a cell of more than {block} MiB", "check its quotes", english=True
        ),
        brackets_nested_too_deeply=Message(
            "brackets nested too deeply", "a case is an object of plain values", english=True
        ),
        one_case_more_than=Message(
            "one case of more than {longest} million characters",
            "check quotes and brackets",
            english=True,
        ),
        unpacked_larger_than_any=Message(
            "unpacked this is larger than any table of cases",
            "save the table as CSV or Parquet",
            english=True,
        ),
        part_unpacks_times_size=Message(
            "part {filename!r} unpacks to {file_size} times its size",
            "paste the table into a new workbook",
            english=True,
        ),
        part_too_large=Message(
            "part {filename!r} is too large", "save the table as CSV or Parquet", english=True
        ),
        workbook_over_mib=Message(
            "the workbook is over {most} MiB",
            "check that it is the form that was sent out",
            english=True,
        ),
        more_than_rows=Message(
            "more than {most_rows} rows", "save the table anew as .xlsx or CSV", english=True
        ),
    ),
    "C206": Code(
        "macros, formulas or external references where values are expected",
        workbook_macros=Message("a workbook with macros", "save it as .xlsx", english=True),
        document_type_entities_no=Message(
            "a document type or entities, which no spreadsheet program writes",
            "save the table anew as .xlsx or CSV",
            english=True,
        ),
        formula_where_value_expected=Message(
            "a formula where a value is expected",
            "copy the table and paste it as values",
            english=True,
        ),
        workbook_macros_2=Message(
            "a workbook with macros", "save it as .xlsx without macros", english=True
        ),
        workbook_links_other_files=Message(
            "a workbook with links to other files or databases",
            "paste the table as values into a new workbook",
            english=True,
        ),
    ),
    "C207": Code(
        "a header that is missing, blank or repeated",
        no_column_called_case=Message(
            "no column is called case_id",
            "give every case an id in a column of that name",
            english=True,
        ),
        column_without_name=Message(
            "a column without a name", "name it or remove it", english=True
        ),
        column_stands_twice=Message(
            "column {key_!r} stands twice, as {both}", "keep one", english=True
        ),
        column_missing_mapping_reads=Message(
            "column {column!r} is missing, which the mapping {mapping} reads",
            "check that this is the table the mapping was made for",
            english=True,
        ),
    ),
    "C208": Code(
        "a row with more or fewer cells than the header",
        cells_where_header=Message(
            "{found} cells where the header has {expected}",
            "put cells that hold a separator in quotes",
            english=True,
        ),
        cell_beyond_header_columns=Message(
            "a cell beyond the header's {width} columns",
            "name the column or clear the cell",
            english=True,
        ),
    ),
    "C210": Code(
        "a case without a case_id",
        case_no_number=Message(
            "a case has no number",
            "give every case a number of its own (case_id); it need not and should not be a name",
        ),
        row_without_case_id=Message(
            "a row without a case_id",
            "give every case an id; it need not be a name; delete rows that are empty",
            english=True,
        ),
        column_holds_not_ids=Message(
            "the column holds {kind}, not ids", "write ids as text", english=True
        ),
        no_case_id=Message("{value!r} is no case_id", "write ids as text", english=True),
        case_no_case_id=Message(
            "a case has no case_id", "give every case an id; it need not be a name", english=True
        ),
    ),
    "C211": Code(
        "a case_id that stands twice",
        case_stands_twice_first=Message(
            "case {case_id!r} stands twice, first at {place_}",
            "give each case its own id, keep one, or (a row per answer) put the rows of a case"
            " together",
            english=True,
        ),
    ),
    "C212": Code(
        "an age that is not a number of years from 0 to 120",
        no_age=Message(
            "{value!r} is no age",
            "write whole years from 0 to {most} in the digits 0-9, or leave it blank when it is not"
            " known (the person is then treated as a child)",
        ),
    ),
    "C213": Code(
        "age_certain that is neither yes nor no",
        age_certain=Message(
            "age_certain is {value!r}", "write yes or no, or leave it blank", english=True
        ),
    ),
    "C214": Code(
        "a date that is not YYYY-MM-DD, or lies in the future",
        birth_date_lies_after=Message(
            "birth date {birth_date} lies after {day}", "correct it or leave it blank", english=True
        ),
        no_date=Message(
            "{value!r} is no date", "write it as YYYY-MM-DD, such as 2026-11-23", english=True
        ),
        lies_future=Message(
            "{met_on} lies in the future",
            "today is {today}; correct it or leave it blank",
            english=True,
        ),
    ),
    "C220": Code(
        "an answer that is none of the six",
        no_answer=Message(
            "{value!r} is no answer",
            "write yes, no, unknown, refused, not_asked or not_applicable (also 1/0, true/false,"
            " po/jo, da/ne), or leave it blank",
            english=True,
        ),
        no_answer_course=Message(
            "{value!r} is no answer to {indicator!r} in a course", "choose one of {known}"
        ),
        column_holds_not_single=Message(
            "the column holds {type}, not single values",
            "write yes, no, 1, 0 or leave cells blank",
            english=True,
        ),
        no_answer_2=Message("{value!r} is no answer", "choose one of the six"),
    ),
    "C221": Code(
        "an answer to an indicator the list does not have",
        not_among_items=Message(
            "{indicator!r} is not among the items of {vignette}",
            "answer the items that are put",
            english=True,
        ),
        indicator_not_list=Message(
            "indicator {indicator!r} is not in the list {checklist}", "check the id", english=True
        ),
        indicator_not_list_2=Message(
            "indicator {key_!r} is not in the list {checklist}",
            "leave it out, or score with a list that has it",
            english=True,
        ),
        indicator_not_list_3=Message(
            "indicator {key_!r} is not in the list {checklist}",
            "see 'screening checklist show {checklist}'",
            english=True,
        ),
        answer_without_indicator=Message(
            "an answer without an indicator", "say which indicator it answers", english=True
        ),
    ),
    "C222": Code(
        "an indicator answered twice for one case",
        answered_twice_case_first=Message(
            "{indicator!r} is answered twice for case {case_id!r}, first at {first}",
            "keep one",
            english=True,
        ),
    ),
    "C223": Code(
        "a basis that is none of said, observed, document",
        basis_unknown=Message(
            "basis {basis!r} is unknown",
            "write said, observed or document, or leave it out",
            english=True,
        ),
        basis_unknown_2=Message(
            "basis {basis!r} is unknown",
            "write said, observed or document, or leave it blank",
            english=True,
        ),
    ),
    "C230": Code(
        "a JSON value of the wrong kind or an unknown key",
        no_text=Message("{value!r} is no text", "write it in quotes", english=True),
        no_object=Message("{value!r} is no object", 'write it as {"name": value}', english=True),
        list_where_one_answer=Message(
            "a list where one answer is expected",
            'write "yes" or {"answer": "yes", "basis": ..., "note": ...}',
            english=True,
        ),
        unknown_key=Message("unknown key {key_!r}", "keys allowed here: {allowed}", english=True),
        no_number_case=Message(
            "{text!r} is no number that a case has", "write ids in quotes", english=True
        ),
        no_array_cases=Message(
            "this is no array of cases",
            'cases stand in an array: [{"case_id": ..., "answers": {...}}, ...]',
            english=True,
        ),
        more_after_end_array=Message(
            "there is more after the end of the array", "keep one array in the file", english=True
        ),
        element_no_object=Message(
            "an element that is no object",
            'cases stand in an array: [{"case_id": ..., "answers": {...}}, ...]',
            english=True,
        ),
        where_comma_end_expected=Message(
            "{after!r} where a comma or the end was expected", english=True
        ),
        not_json=Message(
            "this is not JSON: {msg}{msg_2}", "check quotes, commas and brackets", english=True
        ),
        statistic_at_home=Message(
            "unknown key {key_!r}", 'put it under "statistics"; it is never scored', english=True
        ),
        answer_at_home=Message("unknown key {key_!r}", 'put it under "answers"', english=True),
    ),
    "C231": Code(
        "a key that stands twice in one JSON object",
        key_stands_twice_object=Message(
            "key {twice!r} stands twice, as {both}. and as {both_2}. of its object",
            "keep one",
            english=True,
        ),
    ),
    "C232": Code(
        "NaN or infinity",
        no_answer=Message(
            "{value} is no answer", "leave a cell blank when nobody was asked", english=True
        ),
        no_value=Message(
            "{word} is no value", "leave the key out when the value is not known", english=True
        ),
    ),
    "C240": Code(
        "a judgement that is none of the five findings",
        none_five_findings=Message(
            "{value!r} is none of the five findings", "choose one of {known}"
        ),
        none_five_findings_2=Message(
            "{value!r} is none of the five findings", "choose one of {choices}"
        ),
    ),
    "C241": Code(
        "data that is no record of an interview, or of another format",
        record_format_not_known=Message(
            "the record has format {value!r}, which is not known here",
            "this version reads format {format}; open it with the version that saved it",
        ),
        no_record_interview=Message(
            "this is no record of an interview ({what!r})", "open a file that this program saved"
        ),
    ),
    "C242": Code(
        "a note or field that is too long",
        text_letters_most=Message("this text has {n} letters; {most} are the most", "shorten it"),
        case_number_longer_than=Message(
            "the case number is longer than {most} letters", "shorten it; it need not say anything"
        ),
    ),
    "C243": Code(
        "an answer to a gate or about the meeting that is not among its choices",
        no_answer=Message("{value!r} is no answer to {key!r}", "choose one of {choices}"),
    ),
}
