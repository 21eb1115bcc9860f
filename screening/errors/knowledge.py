"""A list's own files: checklist, texts, pathway, worlds, mappings."""

from __future__ import annotations

from screening.errors.message import Code, Message

__all__ = ["KNOWLEDGE"]

KNOWLEDGE: dict[str, Code] = {
    "K101": Code(
        "the file is not readable YAML",
        not_readable_yaml=Message(
            "not readable as YAML: {getattr}", "check indentation, colons and quotes", english=True
        ),
        key_itself_mapping_list=Message(
            "a key that is itself a mapping or list", "keys are plain words", english=True
        ),
    ),
    "K102": Code(
        "YAML with an alias, an anchor or a tag; plain values only",
        tag=Message("tag {tag!r}", "remove it; the schema gives each value its type", english=True),
        anchor=Message("anchor {value!r}", "write the value out where it is meant", english=True),
        alias=Message("alias {value!r}", "write the value out where it is meant", english=True),
    ),
    "K103": Code(
        "a key stands twice in one mapping",
        key_stands_twice_first=Message(
            "key {value!r} stands twice, first on line {lines}", "keep one of them", english=True
        ),
    ),
    "K104": Code(
        "nested deeper than any list needs",
        nested_more_than_deep=Message(
            "nested more than {deepest} deep", "no list needs this; simplify it", english=True
        ),
    ),
    "K105": Code(
        "a key that the format does not know",
        takes_least_if_wanted=Message(
            "'points' takes at_least and, if wanted, dimension",
            "write points: {at_least: 8}",
            english=True,
        ),
        unknown_key=Message("unknown key {key_!r}", "keys allowed here: {allowed}", english=True),
        key=Message("unknown key {key_!r}", "keys allowed here: {allowed}", english=True),
    ),
    "K106": Code(
        "a required key is missing",
        indicator_without_id=Message(
            "an indicator without an id", "give it one: lower-case words joined by _", english=True
        ),
        key_missing=Message("key {key_!r} is missing", "add '{key_}:'", english=True),
        skip_needs_either_fact=Message(
            "a skip needs either a fact or an indicator", "name one of the two", english=True
        ),
        key_missing_3=Message(
            "key {name!r} is missing",
            "either add '{name}:' or extend a world that has it",
            english=True,
        ),
        key=Message("key {key_!r} is missing", "add '{key_}:'", english=True),
    ),
    "K107": Code(
        "a value of the wrong kind",
        points_not_stand_line=Message(
            "its points do not stand in a line of their own",
            "write them as 'screening calibrate weights' does",
            english=True,
        ),
        key_no_key_person=Message(
            "key {key_!r} is no key of a person",
            "copy the public key whole, as 'calibrate key' printed it",
            page="copy the public key whole",
            english=True,
        ),
        until_lies_before_since=Message(
            "until {until} lies before since {since}",
            "write the later day under until",
            english=True,
        ),
        need_day=Message(
            "within {within} is not {urgency}",
            "write 0h for now, up to 24h for today, more for soon",
            english=True,
        ),
        strength_indicator_not_apply=Message(
            "a strength for {many} on an indicator that does not apply to them",
            "either widen applies_to or leave that strength out",
            english=True,
        ),
        unknown_gate=Message("unknown gate {value!r}", "the one gate is palermo", english=True),
        unknown_element=Message(
            "unknown element {value!r}", "write act, means or purpose", english=True
        ),
        percent=Message("{percent} percent", "write 1 to 100", english=True),
        needs_mapping=Message("needs a mapping", "keys allowed here: {allowed}", english=True),
        wrong=Message(
            "{key_} is {raw!r}", "write a whole number of 1 or more in the digits 0-9", english=True
        ),
        names_no_dimension=Message(
            "names no dimension", "name one, or leave the key out for all signs", english=True
        ),
        unknown_element_2=Message(
            "unknown element {value!r}", "write act, means, purpose or context", english=True
        ),
        unknown_strength=Message(
            "unknown strength {value!r}", "write strong, medium or weak", english=True
        ),
        value=Message("{value!r} {wrong}", "{write}"),
        signer_id=Message(
            "id {value!r} is not written as it must be",
            "write a-z, 0-9, - and . only",
            english=True,
        ),
        signer_key=Message(
            "key {value!r} is not written as it must be",
            "copy the public key whole, as 'calibrate key' printed it",
            page="copy the public key whole",
            english=True,
        ),
        signer_name=Message(
            "name {value!r} is not written as it must be", "write it out", english=True
        ),
        signer_role=Message(
            "role {value!r} is not written as it must be", "write it out", english=True
        ),
        signer=Message(
            "{field} {value!r} is not written as it must be", "write it out", english=True
        ),
    ),
    "K108": Code(
        "the file is not UTF-8 text, is empty or is too large",
        file_not_one_mapping=Message(
            "the file is not one mapping of keys to values",
            "start it with 'format: 1'",
            english=True,
        ),
        file_over_mib=Message(
            "the file is over {largest} MiB", "check that it is a list's own file", english=True
        ),
        byte_not_utf=Message("byte {start} is not UTF-8", "save the file as UTF-8", english=True),
    ),
    "K110": Code(
        "a list, weight set, text or mapping file that is not there",
        no_list=Message(
            "there is no list {ref!r}",
            "either give one of {catalogue_ids} or the path of a list's folder",
            english=True,
        ),
        set_no_readings=Message(
            "nobody has read the vignettes {vignettes} for a key",
            "name a set that lies in vignettes/readings",
            english=True,
        ),
        no_mapping=Message("there is no mapping {name!r}", "known: {known}", english=True),
        no_words_language=Message(
            "no words in language {language!r}", "choose one of {languages}", english=True
        ),
        list_no_weight_set=Message(
            "list {checklist} has no weight set {ref!r}",
            "either give one of {known} or the path of a weight file",
            english=True,
        ),
        no_ordinary_file=Message(
            "this is no ordinary file", "put the file itself there", english=True
        ),
        no_such_file=Message(
            "there is no such file", "check the name, or restore the file", english=True
        ),
        file_cannot_read=Message(
            "the file cannot be read ({strerror})", "check its name and permissions", english=True
        ),
        can_no_file_name=Message("{path!r} can be no file's name", "check the name", english=True),
        list_no_bundled_cases=Message(
            "list {checklist} has no bundled cases to demonstrate",
            "install the package anew",
            english=True,
        ),
        not_lie_beside_list=Message(
            "{ref} does not lie beside the list {loaded}",
            "put the file into {folder}, its signatures into signatures/ there",
            english=True,
        ),
        list_no_world=Message(
            "list {checklist} has no world {ref!r}",
            "either give one of {known} or the path of a world file",
            english=True,
        ),
        no_world_beside_one=Message(
            "there is no world {extends!r} beside this one", "name one that is there", english=True
        ),
        no_list_weight_set=Message(
            "there is no list, weight set or card {name!r}",
            "GET /api/lists names the lists",
            english=True,
        ),
        no_list_short_enough=Message(
            "no list here is short enough for a card", "print all indicators instead", english=True
        ),
        no_weight_set=Message("there is no weight set {name!r}", "choose one that is listed"),
    ),
    "K111": Code(
        "a file in a list's folder that its checklist.yaml does not name",
        not_named_under=Message(
            "{path} is not named under 'sections'",
            "either name it there or remove the file",
            english=True,
        ),
    ),
    "K112": Code(
        "the file's own id does not match its name or folder",
        no_name_weight_set=Message(
            "{path!r} is no name of a weight set",
            "a date and a word, such as 2027-01-15-trainers.yaml",
            english=True,
        ),
        id_file_named=Message(
            "id {own!r} in a file named {path!r}", "make the two the same", english=True
        ),
        id_folder_named=Message(
            "id {head!r} in a folder named {resolve!r}", "make the two the same", english=True
        ),
        language_file_named=Message(
            "language {language!r} in a file named {path}", "make the two the same", english=True
        ),
        section_file_named_yaml=Message(
            "section {section!r} in a file named {name}.yaml", "make the two the same", english=True
        ),
        id_language_file_named=Message(
            "id {found!r} and language {language!r} in a file named {language_2}/{path}",
            "make them the same",
            english=True,
        ),
        id_file_named_2=Message(
            "id {file!r} in a file named {path!r}", "make the two the same", english=True
        ),
        no_name_weight_set_2=Message(
            "{name!r} is no name of a weight set", "a date and a word, such as 2027-01-15-trainers"
        ),
    ),
    "K113": Code(
        "an id that is used twice",
        signer_their_key_registered=Message(
            "signer {signer!r} or their key is registered already",
            "nobody signs for two; a new key needs a new id",
            english=True,
        ),
        dimension_stands_twice=Message("dimension {name!r} stands twice", "keep one", english=True),
        form_stands_twice=Message("form {form!r} stands twice", "keep one", english=True),
        step_stands_twice=Message("step {step!r} stands twice", "keep one", english=True),
        indicator_stands_twice_first=Message(
            "indicator {key_!r} stands twice, first at {place_}", "keep one", english=True
        ),
        section_stands_twice=Message("section {name!r} stands twice", "keep one", english=True),
        source_stands_twice=Message("source {source!r} stands twice", "keep one", english=True),
        signer_their_key_stands=Message(
            "signer {one!r} or their key stands twice",
            "keep one; nobody signs for two",
            english=True,
        ),
        case_stands_twice=Message(
            "case {case!r} stands twice", "give each its own id", english=True
        ),
        stands_twice=Message("{what} {key_!r} stands twice", "keep one", english=True),
        need_stands_twice=Message("need {need!r} stands twice", "keep one", english=True),
        sign_states_two_facts=Message(
            "sign {key_!r} is in two groups of 'states_one_fact'", "keep it in one", english=True
        ),
        situation_stands_twice=Message("situation {s!r} stands twice", "keep one", english=True),
    ),
    "K120": Code(
        "a rule or text refers to an indicator, dimension, form, role or source that the list does"
        " not have",
        age_doubt_names_no=Message(
            "age_doubt names {age_doubt!r}, which is no indicator of the list",
            "either name one or leave the key out",
            english=True,
        ),
        indicator_dimension_list_not=Message(
            "indicator {key_!r} is in dimension {dimension!r}, which the list does not have",
            "either use one it has or add this one in checklist.yaml",
            english=True,
        ),
        form_not_list=Message(
            "form {form!r} is not in this list",
            "either use one it has or add this one in checklist.yaml",
            english=True,
        ),
        source_not_sources_yaml=Message(
            "source {ref!r} is not in sources.yaml",
            "either use one it has or add this one there",
            english=True,
        ),
        role_no_name_texts=Message(
            "role {who!r} has no name in texts/en.yaml", "add it under 'roles'", english=True
        ),
        catalogue_itself_catalogue=Message(
            "a catalogue that itself has a catalogue", "name a list that has none", english=True
        ),
        catalogue_no_indicator=Message(
            "the catalogue {head} has no indicator {key_!r}",
            "either name one it has or write the indicator out here",
            english=True,
        ),
        indicator_not_list_profile=Message(
            "indicator {value!r} is not in this list for the profile {profile}",
            "name one that the list has",
            english=True,
        ),
        dimension_not_list=Message(
            "dimension {name!r} is not in this list", "write one of {dimensions}", english=True
        ),
        twin_not_name_own=Message(
            "the twin {twin!r} does not name {case!r} as its own",
            "let the two name each other",
            english=True,
        ),
        indicator_not_list=Message(
            "indicator {key_!r} is not in this list", "remove it", english=True
        ),
        indicator=Message("indicator {key_!r} {problem_}", "remove it from not_put", english=True),
        case_not=Message("case {key_!r} is not in {path}", "remove it", english=True),
        key_of_readers=Message(
            "the key of this set comes from its readings, and a finding is expected here as well",
            "either remove 'expected' or write 'keys_from: rules'",
            english=True,
        ),
        readers_of_case=Message(
            "a reading of case {key_!r} is by nobody named under 'readers', or by somebody twice",
            "let each named reader read it once",
            english=True,
        ),
        indicator_not_list_2=Message(
            "indicator {key_!r} is not in the list {checklist}", english=True
        ),
        fact_choice_not=Message(
            "the fact {company!r} with the choice 'alone' is not there",
            "name one of the facts",
            english=True,
        ),
        fact_no_such_choice=Message(
            "the fact {fact!r} has no such choice", "facts: {facts_}", english=True
        ),
        indicator_not_list_3=Message(
            "indicator {indicator!r} is not in this list", "remove it", english=True
        ),
        not_known=Message("{key_!r} is not known here", "known: {wanted}", english=True),
        need_indicator=Message(
            "no indicator {key_!r} for those the need is for",
            "either name one the list has for them or remove it",
            english=True,
        ),
        one_fact_sign=Message("sign {key_!r} is not in this list", "remove it", english=True),
        source_not=Message("source {ref!r} is not there", "name one that is", english=True),
        step_not_pathway=Message(
            "step {step!r} is not in the pathway", "name one that is", english=True
        ),
        source_not_2=Message("source {ref!r} is not there", "check the id", english=True),
        indicator_not=Message("indicator {sign!r} is not there", "check the id", english=True),
        world_extends_one_itself=Message(
            "a world that extends one that itself extends another",
            "extend that one's base",
            english=True,
        ),
        not_given=Message("{what} {name!r} is not there", "check the id", english=True),
        exploited_situation_without_form=Message(
            "an exploited situation without a form, or a form without exploitation",
            "name a form of the list for exploited situations only",
            english=True,
        ),
        no_source=Message("source {source!r} is not there", "name one that is", english=True),
    ),
    "K121": Code(
        "a decision rule that can never be true",
        enough_can_never_known=Message(
            "enough can never be known about a{what} {profile}",
            "the rule asks for more answers than the list has questions; lower it",
            english=True,
        ),
        rule_can_never_true=Message(
            "the rule for {level} can never be true for a{what} {profile}",
            "too few indicators for what it asks; lower it or add indicators",
            english=True,
        ),
    ),
    "K122": Code(
        "a child's rule that needs a means (Palermo Protocol art. 3(c): a child needs none)",
        rule_cannot_true_child=Message(
            "the rule for {level} cannot be true for a child without a sign of means",
            "a child needs act and purpose only; remove the means from this rule",
            english=True,
        ),
    ),
    "K123": Code(
        "an indicator on ethnicity, nationality, religion, community or sex",
        records_ethnicity_nationality_religion=Message(
            "{name!r} records ethnicity, nationality, religion, community or sex",
            "remove it; such facts may be kept for statistics and never enter a list",
            english=True,
        ),
    ),
    "K124": Code(
        "a protective observation or danger question that carries a weight or a strength",
        item_strength=Message(
            "{kind} indicator {key_!r} has a strength",
            "write 'strength: {}'; such indicators are recorded and shown and never weigh",
            english=True,
        ),
        item_weighs=Message(
            "{kind} indicator {indicator!r} weighs {value}",
            "write 0; such indicators are recorded and shown and never weigh",
            english=True,
        ),
    ),
    "K125": Code(
        "an indicator without the question or instruction that its mode needs",
        indicator_no_english_statement=Message(
            "indicator {key_!r} has no English statement", "add it in texts/en.yaml", english=True
        ),
        indicator_mode_no_english=Message(
            "indicator {key_!r} has mode {mode} for {many} and no English {field}",
            "add '{field}:' under its id in texts/en.yaml",
            english=True,
        ),
    ),
    "K126": Code(
        "a rule node that is not one of the known kinds, or has more than one",
        rule_exactly_one_kind=Message(
            "a rule has exactly one kind, here: {keys}",
            "write either any, all, gate, element, dimension, indicator, signs, points or known",
            english=True,
        ),
        unknown_kind_rule=Message(
            "unknown kind of rule {kind!r}",
            "write either any, all, gate, element, dimension, indicator, signs, points or known",
            english=True,
        ),
        asks_what_answered_stands=Message(
            "'known' asks what is answered and stands in enough_known only",
            "write signs or points here",
            english=True,
        ),
        needs_list_rules=Message(
            "'{kind}' needs a list of rules",
            "write one rule a line, each after a dash",
            english=True,
        ),
    ),
    "K127": Code(
        "finding wording, reason or next step missing for some finding and profile",
        no_english_words=Message(
            "no English words for {group}.{key_}.{field}", "add them in texts/en.yaml", english=True
        ),
        step_no_english_words=Message(
            "step {step!r} has no English words",
            "add it under 'steps' in texts/en.yaml",
            english=True,
        ),
        need_no_english_words=Message(
            "need {need!r} has no English name or text",
            "add both under 'needs' in texts/en.yaml",
            english=True,
        ),
        no_next_step=Message(
            "no next step for {finding}, {profile}",
            "every finding ends in something to do; add a step",
            english=True,
        ),
    ),
    "K128": Code(
        "a danger question that a skip hides, that does not apply to everybody, or whose yes alone"
        " is not act_now",
        skip_hides_danger=Message(
            "a skip hides the danger question {indicator!r}",
            "remove it from 'hide': danger is asked about for everybody",
            english=True,
        ),
        danger_not_act_now=Message(
            "a yes to the danger question {indicator!r} is not act_now ({profile})",
            "let the indicator apply to all, and let it satisfy the rule act_now by itself",
            english=True,
        ),
    ),
    "K130": Code(
        "a weight set made for another list",
        weight_set_list_not=Message(
            "this weight set is for the list {checklist!r}, not {checklist_2!r}",
            "either choose that list or a weight set made for this one",
            english=True,
        ),
        world_list_not=Message(
            "this world is for the list {checklist!r}, not {checklist_2!r}",
            "either choose that list or a world made for this one",
            english=True,
        ),
    ),
    "K131": Code(
        "a weight set that is not complete, or weighs what the list does not have",
        weight_list_not=Message(
            "a weight for {key_!r}, which the list does not have", "remove it", english=True
        ),
        cap_no_dimension_list=Message(
            "a cap for {key_!r}, which is no dimension of the list", "remove it", english=True
        ),
        weight_missing=Message(
            "{indicator!r} has no weight for {people}", "add '{profile}:'", english=True
        ),
        weight_to_spare=Message(
            "{indicator!r} has a weight for {people}",
            "it does not apply to them; remove '{profile}:'",
            english=True,
        ),
    ),
    "K132": Code(
        "a weight or cap that is not a whole number of 0 or more in the digits 0-9",
        no_weight=Message("{text!r} is no weight of {sign!r}", "write a whole number of 0 or more"),
        value=Message("{value!r} {wrong}", "{write}"),
    ),
    "K133": Code(
        "a date that is not YYYY-MM-DD",
        re_checked_not_after=Message(
            "to be re-checked by {recheck_by}, which is not after {valid_from}",
            "give a later --recheck-by",
            page="write a later day of re-check",
            english=True,
        ),
        value=Message("{value!r} {wrong}", "{write}"),
    ),
    "K134": Code(
        "shares, loadings, counts or ages of a world that cannot be",
        shares_not_add_up=Message(
            "the shares do not add up to 1", "make them add up", english=True
        ),
        loadings_leave_nothing_chance=Message(
            "the loadings leave nothing to chance",
            "keep the sum of their squares below 1",
            english=True,
        ),
        these_counts_cannot=Message(
            "these counts cannot be",
            "keep least at or below most, and most at or below the number of signs",
            english=True,
        ),
        more_stays_open_than=Message(
            "more stays open than there is",
            "keep not_asked, unknown and refused at 1 or less together",
            english=True,
        ),
        weights_add_up_nothing=Message(
            "the weights add up to nothing", "give one a number above 0", english=True
        ),
        these_ages_cannot=Message(
            "these ages cannot be",
            "write lowest, mode and highest in order, from {least} to {most}",
            english=True,
        ),
        nobody_exploited=Message(
            "nobody is exploited", "give one situation of each kind a share above 0", english=True
        ),
        everybody_exploited=Message(
            "nobody is not exploited",
            "give one situation of each kind a share above 0",
            english=True,
        ),
    ),
}
