"""Cases and tables of cases."""

from __future__ import annotations

from screening.errors.message import Code, Message

__all__ = ["CASES"]

CASES: dict[str, Code] = {
    "C201": Code(
        "the file is empty or contains no case",
        array_empty=Message("the array contains no case"),
        file_empty=Message("the file is empty", "check that it was saved or copied completely"),
        file_blank=Message(
            "the file contains only blanks", "check that it was saved or copied completely"
        ),
        header_only=Message(
            "the file has a header but no cases", "check that it was saved or copied completely"
        ),
        sheet_empty=Message("worksheet {title!r} is empty", "put the cases on the first worksheet"),
        hidden_sheet=Message(
            "the cases are on the hidden worksheet {title!r}",
            "either show the worksheet or name it with --sheet",
            page="show the worksheet",
        ),
        hidden_list=Message(
            "words of the list are on the hidden worksheet {title!r}",
            "either show the worksheet or delete it",
        ),
        no_visible_sheet=Message(
            "there is no visible worksheet", "put the cases on the first worksheet"
        ),
    ),
    "C202": Code(
        "the file is not of the kind its name says, or of a kind that is not supported",
        suffix_wrong=Message(
            "the name says {named} but the content is {found}",
            "check the file, or end its name in .{found}",
        ),
        xml_not_utf8=Message("the XML is not UTF-8", "save the table again as .xlsx"),
        archive_locked=Message("the archive is protected by a password", "save it without one"),
        zip_not_workbook=Message(
            "this is a ZIP archive, not a workbook",
            "either unpack it or save the table as .xlsx or CSV",
        ),
        old_excel=Message(
            "this is an old Excel file (.xls) or one with a password",
            "save it as .xlsx without a password",
        ),
        zip_opendocument=Message("this is an OpenDocument file", "save the table as .xlsx or CSV"),
        zip_word=Message("this is a Word document", "give the cases as a table: .xlsx or CSV"),
        zip_slides=Message("this is a presentation", "give the cases as a table: .xlsx or CSV"),
        zip_numbers=Message(
            "this is a document of Numbers or Pages", "export the table as .xlsx or CSV"
        ),
        zip_binary_workbook=Message(
            "this is a binary Excel workbook (.xlsb)", "save it as Excel workbook (.xlsx)"
        ),
        lock_file=Message(
            "this is not a table but the mark that a program leaves beside a file that is open",
            "close the file in that program, or leave this file out",
        ),
        web_archive=Message(
            "this is a web page saved under the name of a workbook",
            "open it in a spreadsheet program and save it as .xlsx or CSV",
        ),
        statistics_file=Message(
            "this is a file of a statistics program", "export the table as .xlsx or CSV"
        ),
        parquet_encrypted=Message("this is an encrypted Parquet file", "decrypt it first"),
        old_feather=Message("this is an old Feather file", "save it as Arrow or Parquet"),
        pdf=Message("this is a PDF", "give the cases as {kinds}"),
        image=Message("this is an image", "give the cases as {kinds}"),
        zip_empty=Message("this is an empty ZIP archive", "give the cases as {kinds}"),
        database=Message("this is a database", "give the cases as {kinds}"),
        text_document=Message("this is a text document", "give the cases as {kinds}"),
        executable=Message("this is a program", "give the cases as {kinds}"),
        pickle=Message(
            "this is a pickle, which can run code when loaded and is never opened",
            "export the cases as CSV or JSON",
        ),
        packed=Message("the file is compressed with {packer}", "unpack it first"),
        web_page=Message(
            "this is a web page or XML",
            "open it in a spreadsheet program and save it as .xlsx or CSV",
        ),
    ),
    "C203": Code(
        "the text is not UTF-8 and no encoding, or the wrong one, was given",
        utf16=Message(
            "the text is UTF-16",
            "either save it as UTF-8 or add --encoding utf-16",
            page="save it as UTF-8",
        ),
        utf8_not_encoding=Message(
            "the text is UTF-8, not {encoding}", "leave out --encoding", page="save it as UTF-8"
        ),
        column_not_utf8=Message("a text is not UTF-8", "write the file again with UTF-8 text"),
        half_character=Message("{text} is half a character", "send the text as UTF-8"),
        case_number_unreadable=Message(
            "the case number contains unreadable characters", "type it again"
        ),
        looks_like_utf16=Message(
            "this looks like UTF-16, or not like text at all",
            "either save it as UTF-8 or give its encoding, such as --encoding utf-16",
            page="save it as UTF-8",
        ),
        not_as_declared=Message(
            "the text is not {encoding}",
            "give its encoding with --encoding",
            page="save it as UTF-8",
        ),
        not_utf8=Message(
            "the text is not UTF-8",
            "either save it as UTF-8 or give its encoding, such as --encoding cp1250",
            page="save it as UTF-8",
        ),
    ),
    "C204": Code(
        "the file is cut short or damaged",
        file_damaged=Message(
            "the file is damaged or incomplete", "check that it was saved or copied completely"
        ),
        header_quote_open=Message(
            "a quote in the header is never closed",
            "check that the file was saved or copied completely",
        ),
        row_cut_short=Message(
            "the file ends in the middle of a row, after {found} of {expected} cells",
            "check that it was saved or copied completely",
        ),
        quote_open=Message(
            "a quote is never closed, or has text after it",
            "check the quotes, and that the file was saved or copied completely",
        ),
        rows_in_quotes=Message(
            "a cell in quotes holds what looks like {found} rows",
            "take out the two quotes that make one cell of them",
        ),
        array_open=Message(
            "the file ends before the array does", "check that it was saved or copied completely"
        ),
        case_cut_short=Message(
            "the file ends in the middle of this case",
            "check that it was saved or copied completely",
        ),
        rows_out_of_order=Message(
            "the row comes after row {before} in the file",
            "open the workbook in a spreadsheet program and save it again",
        ),
        cell_twice=Message(
            "the cell is in the file twice",
            "open the workbook in a spreadsheet program and save it again",
        ),
        csv_unreadable=Message(
            "the file cannot be read as CSV ({reason!r})", "check that it was copied completely"
        ),
        workbook_damaged=Message(
            "the workbook is damaged or incomplete ({reason})",
            "open it in a spreadsheet program and save it again",
        ),
    ),
    "C205": Code(
        "the file contains far more than a table of cases can hold, or is nested too deeply",
        row_too_long=Message("a row is larger than {block} MiB", "check its quotes"),
        header_too_long=Message(
            "the header is longer than a million characters", "check its quotes"
        ),
        cell_too_long=Message("a cell is larger than {block} MiB", "check its quotes"),
        nested_too_deeply=Message(
            "brackets are nested too deeply", "write each case as an object of plain values"
        ),
        case_too_long=Message(
            "a case is longer than {longest} million characters", "check quotes and brackets"
        ),
        unpacked_too_large=Message(
            "the unpacked workbook is too large for a table of cases",
            "save the table as CSV or Parquet",
        ),
        part_inflates=Message(
            "part {part!r} unpacks to {ratio} times its size", "paste the table into a new workbook"
        ),
        part_too_large=Message("part {part!r} is too large", "save the table as CSV or Parquet"),
        texts_too_long=Message(
            "column {column!r} unpacks to far more than a table of cases can hold",
            "check the file, or write it again in smaller row groups",
        ),
        batch_too_large=Message(
            "a batch of the file unpacks to more than {most} MiB",
            "write the file again in batches of 65,536 rows",
        ),
        memory_short=Message(
            "the file asks for more memory than there is",
            "check the file, or write it again in smaller parts",
        ),
        form_too_large=Message(
            "the workbook is larger than {most} MiB", "check that it is the form that was sent out"
        ),
        too_many_rows=Message(
            "the table has more than {most_rows} rows", "save it again as .xlsx or CSV"
        ),
    ),
    "C206": Code(
        "macros, formulas or external references where values are expected",
        macros=Message("the workbook contains macros", "save it as .xlsx without macros"),
        xml_entities=Message(
            "the workbook contains a document type or entities, which no spreadsheet "
            "program writes",
            "save the table again as .xlsx or CSV",
        ),
        formula=Message(
            "a formula where a value is expected", "copy the table and paste it as values"
        ),
        external_links=Message(
            "the workbook links to other files or databases",
            "paste the table as values into a new workbook",
        ),
    ),
    "C207": Code(
        "a column name that is missing, blank or repeated",
        no_case_id_column=Message(
            "there is no column case_id", "give every case an id in a column of that name"
        ),
        frame_index_levels=Message(
            "there is no column case_id, and the index has several levels",
            "add a column case_id",
        ),
        column_unnamed=Message("a column has no name", "name it or clear its cells"),
        no_indicator_column=Message(
            "no column is an indicator of the list {checklist}, so there is nothing to score",
            "give each indicator a column named by its id; see 'screening checklist show "
            "{checklist}'",
            page="give each indicator a column named by its id",
        ),
        column_near=Message(
            "column {column!r} is not known, but is close to {meant!r}",
            "name it {meant}, or add --keep {column!r} if it is something else",
            page="name it {meant}, or give it another name if it is something else",
        ),
        column_alike=Message("{both} are both {column} (written {written})", "keep one"),
        column_choice=Message(
            "column {column!r} is one choice of the question {question!r}: a box that is not "
            "ticked is not a no",
            "give each indicator its own column, with yes and no",
        ),
        column_twice=Message("column {column!r} appears twice, as {both}", "keep one"),
        sheets_alike=Message(
            "several worksheets have a column case_id: {sheets}",
            "name the one to read with --sheet, and read the others one by one",
            page="keep one of them in the file",
        ),
        mapped_column_missing=Message(
            "column {column!r}, which the mapping {mapping} reads, is missing",
            "check that this is the table the mapping was made for",
        ),
    ),
    "C208": Code(
        "a row with more or fewer cells than the header",
        cell_count=Message(
            "{found} cells where the header has {expected}",
            "put cells that contain a separator in quotes",
        ),
        cells_merged=Message(
            "cells {cells} are merged, so it is not certain whom the value is about",
            "unmerge them and write the value into every cell it is meant for",
        ),
        cells_missing=Message(
            "the row ends after {found} cells where the header has {expected}",
            "either add the {missing} that are missing at its end, blank if nothing was recorded, "
            "or put a cell in which a line was broken in quotes",
        ),
        cell_beyond_header=Message(
            "a cell lies beyond the {width} columns of the header",
            "name the column or clear the cell",
        ),
    ),
    "C210": Code(
        "a case without a case_id",
        case_number_missing=Message(
            "the case has no number", "give every case its own number (case_id); do not use a name"
        ),
        total_row=Message(
            "the row {case_id!r} looks like a total, not a person",
            "delete it; a person needs another id",
        ),
        row_without_id=Message(
            "the row has no case_id", "give every case an id, not a name; delete empty rows"
        ),
        ids_not_text=Message("the column contains {kind}, not ids", "write ids as text"),
        id_not_text=Message("{value!r} is not a case_id", "write ids as text"),
        case_without_id=Message("the case has no case_id", "give every case an id, not a name"),
    ),
    "C211": Code(
        "a repeated case_id",
        case_twice=Message(
            "case {case_id!r} appears twice, first at {first}",
            "keep one, give each case its own id, or (one row per answer) keep the rows of "
            "a case together",
        ),
    ),
    "C212": Code(
        "an age that is not a number of years from 0 to 120",
        age=Message(
            "{value!r} is not an age",
            "write whole years from 0 to {most} in the digits 0-9, or leave it blank if it "
            "is not known (the person is then treated as a child)",
        ),
    ),
    "C213": Code(
        "age_certain that is neither yes nor no",
        age_certain=Message("{value!r} is not yes or no", "write yes or no, or leave it blank"),
        age_estimated=Message(
            "{value!r} does not say whether the age is estimated",
            "write yes or no, or leave it blank; the age itself belongs in the column age",
        ),
    ),
    "C214": Code(
        "a date that is not YYYY-MM-DD or DD.MM.YYYY, or is in the future",
        born_after=Message(
            "birth date {birth_date} is later than {day}", "correct it or leave it blank"
        ),
        date=Message(
            "{value!r} is not a date", "write it as YYYY-MM-DD or DD.MM.YYYY, such as 2026-11-23"
        ),
        excel_number=Message(
            "{value!r} is the number by which a spreadsheet keeps a date",
            "format the column as a date and save the table again",
        ),
        in_future=Message(
            "{met_on} is in the future", "today is {today}; correct it or leave it blank"
        ),
    ),
    "C220": Code(
        "an answer that is not one of the six",
        answer=Message(
            "{value!r} is not one of the six answers",
            "write yes, no, unknown, refused, not_asked or not_applicable (also "
            "{also}), or leave it blank",
        ),
        code=Message(
            "{value!r} is not an answer; it may be a code",
            "say what it stands for, such as --missing {missing_code}=unknown, or leave it blank",
            page="write one of the six answers, or leave it blank",
        ),
        course_answer=Message(
            "{value!r} is not an answer to {indicator!r} in a course", "choose one of {known}"
        ),
        answers_not_plain=Message(
            "the column contains {type}, not single values",
            "write yes, no, 1 or 0, or leave cells blank",
        ),
        page_answer=Message("{value!r} is not one of the six answers", "choose one of the six"),
    ),
    "C221": Code(
        "an answer to an indicator that is not in the list",
        item_not_asked=Message(
            "{indicator!r} is not one of the indicators of {vignette}",
            "answer only the indicators asked",
        ),
        indicator_unknown=Message(
            "indicator {indicator!r} is not in list {checklist}", "check the id"
        ),
        indicator_not_scored=Message(
            "indicator {indicator!r} is not in list {checklist}",
            "either leave it out or score with a list that has it",
        ),
        indicator_not_in_list=Message(
            "indicator {indicator!r} is not in list {checklist}",
            "see 'screening checklist show {checklist}'",
            page="check the id",
        ),
        indicator_missing=Message("an answer has no indicator", "write the indicator it answers"),
    ),
    "C222": Code(
        "an indicator answered twice in one case",
        answered_twice=Message(
            "{indicator!r} is answered twice in case {case_id!r}, first at {first}", "keep one"
        ),
        retired_and_current=Message(
            "{indicator!r} and {retired!r}, which it replaced, are answered differently:"
            " {answer} counts",
            "check which is right",
        ),
        danger_twice=Message(
            "danger is {precondition!r} among the preconditions and {answer!r} among the answers",
            "send one answer; both are the same question",
        ),
    ),
    "C223": Code(
        "a basis that is not said, observed or document",
        basis=Message(
            "{basis!r} is not a basis", "write said, observed or document, or leave it out"
        ),
        basis_cell=Message(
            "{basis!r} is not a basis", "write said, observed or document, or leave it blank"
        ),
    ),
    "C230": Code(
        "a JSON value of the wrong kind or an unknown key",
        not_text=Message("{value!r} is not text", "write it in quotes"),
        not_object=Message("{value!r} is not an object", 'write it as {"name": value}'),
        answer_is_list=Message(
            "a list where one answer is expected",
            'write "yes" or {"answer": "yes", "basis": ..., "note": ...}',
        ),
        unknown_key=Message("unknown key {name!r}", "allowed keys: {allowed}"),
        number_not_allowed=Message(
            "{text!r} is not a number that a case can contain", "write ids in quotes"
        ),
        not_array=Message(
            "the file is not an array of cases",
            'put the cases in an array: [{"case_id": ..., "answers": {...}}, ...]',
        ),
        cases_inside=Message(
            "the file is an object with the cases inside it, under {name!r}",
            "save the array under that key as a file of its own, and name answers by indicator",
        ),
        json_lines=Message(
            "the file has one object a line (JSON Lines), not an array",
            "put the lines in one array, with commas between: [{...}, {...}]",
        ),
        text_after_array=Message(
            "there is text after the end of the array", "keep one array in the file"
        ),
        element_not_object=Message(
            "an element of the array is not an object",
            'put the cases in an array: [{"case_id": ..., "answers": {...}}, ...]',
        ),
        comma_expected=Message("{after!r} where a comma or the end of the array was expected"),
        not_json=Message("not valid JSON: {reason}", "check quotes, commas and brackets"),
        statistic_misplaced=Message(
            "unknown key {name!r}", 'put it under "statistics"; it is never scored'
        ),
        answer_misplaced=Message("unknown key {name!r}", 'put it under "answers"'),
    ),
    "C231": Code(
        "a repeated key in a JSON object",
        key_twice=Message(
            "duplicate key {name!r} (entries {first} and {second} of its object)", "keep one"
        ),
        key_alike=Message("keys {first!r} and {second!r} are both {name}", "keep one"),
    ),
    "C232": Code(
        "NaN or infinity",
        answer_not_finite=Message(
            "{value} is not an answer", "leave the cell blank if nobody was asked"
        ),
        value_not_finite=Message(
            "{word} is not a value", "leave the key out if the value is not known"
        ),
    ),
    "C240": Code(
        "a judgement that is not one of the five findings",
        judgement=Message("{value!r} is not one of the five findings", "choose one of {known}"),
    ),
    "C241": Code(
        "data that is not a record of an interview, or has another format",
        format_unknown=Message(
            "the record has the unknown format {value!r}",
            "this version reads format {format}; open the record with the version that saved it",
        ),
        not_a_record=Message("not a record of an interview", "open a file saved by this program"),
        code_garbled=Message(
            "the text is not what the phone showed",
            "read every code again; a scanner that types must have the keyboard layout of this"
            " computer",
        ),
        code_part_missing=Message(
            "part {part} of {parts} of the code is missing", "read every part, in any order"
        ),
    ),
    "C242": Code(
        "a note or field that is too long",
        text_too_long=Message("the text has {n} characters, more than {most}", "shorten it"),
        case_number_too_long=Message(
            "the case number is longer than {most} characters",
            "shorten it; it need not mean anything",
        ),
    ),
    "C243": Code(
        "an answer about an element or the meeting that is not one of the choices",
        choice=Message("{value!r} is not an answer to {question!r}", "choose one of {choices}"),
    ),
}
