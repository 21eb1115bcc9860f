"""A list's own files: checklist, texts, pathway, mappings."""

from __future__ import annotations

from screening.errors.message import Code, Message

__all__ = ["KNOWLEDGE"]

KNOWLEDGE: dict[str, Code] = {
    "K101": Code(
        "the file is not readable YAML",
        yaml_unreadable=Message(
            "the file cannot be read as YAML: {reason}", "check indentation, colons and quotes"
        ),
        yaml_character=Message(
            "the file contains a character that YAML does not allow", "remove it"
        ),
        key_not_plain=Message("a key is itself a mapping or a list", "write keys as plain words"),
    ),
    "K102": Code(
        "YAML with an alias, an anchor or a tag; only plain values are allowed",
        tag=Message(
            "the YAML tag {tag!r} is not allowed", "remove it; the format gives each value its type"
        ),
        anchor=Message(
            "the YAML anchor {value!r} is not allowed", "write the value out wherever it is needed"
        ),
        alias=Message(
            "the YAML alias {value!r} is not allowed", "write the value out wherever it is needed"
        ),
    ),
    "K103": Code(
        "a duplicate key",
        key_twice=Message("key {name!r} appears twice, first on line {line}", "keep one"),
    ),
    "K104": Code(
        "nested deeper than any list needs",
        nested_too_deeply=Message(
            "values are nested more than {deepest} levels deep",
            "simplify the file; no list needs this",
        ),
    ),
    "K105": Code(
        "a key that the format does not have",
        points_keys=Message(
            "'points' takes at_least and, optionally, dimension",
            "write, for example, points: {at_least: 8}",
        ),
        key_unknown=Message("unknown key {name!r}", "allowed keys: {allowed}"),
    ),
    "K106": Code(
        "a required key is missing",
        indicator_id=Message(
            "the indicator has no id", "give it one: lower-case words joined by _"
        ),
        key_missing=Message("key {name!r} is missing", "add '{name}:'"),
        skip_empty=Message("the skip gives neither a fact nor an indicator", "give one of the two"),
        world_key_missing=Message(
            "key {name!r} is missing from the world",
            "either add '{name}:' or extend a world that has it",
        ),
    ),
    "K107": Code(
        "a value of the wrong kind",
        points_line=Message(
            "the weight set has no line that starts with 'points:'",
            "write the set as 'screening calibrate weights' does",
        ),
        public_key_weak=Message(
            "{public_key!r} is not a person's public key",
            "copy the whole public key, as 'calibrate key' printed it",
            page="copy the whole public key",
        ),
        until_before_since=Message(
            "until ({until}) is before since ({since})", "write a later day under until"
        ),
        strength_not_applicable=Message(
            "the indicator has a strength for the profile {profile}, to which it does not apply",
            "either widen applies_to or leave out that strength",
        ),
        need_day=Message(
            "within {within} does not match the urgency {urgency}",
            "write 0h for now, up to 24h for today, or more for soon",
        ),
        gate=Message("{value!r} is not a gate", "write palermo, the only gate"),
        line=Message("{value!r} is not a line", "write refer, the only line"),
        element=Message("{value!r} is not an element", "write act, means or purpose"),
        percent=Message("{percent} percent is out of range", "write 1 to 100"),
        not_mapping=Message(
            "a mapping of keys to values is expected here", "allowed keys: {allowed}"
        ),
        not_count=Message(
            "{name} is {value!r}, not a whole number of 1 or more", "write it in the digits 0-9"
        ),
        dimension_missing=Message(
            "no dimension is given", "give one, or leave out the key to count all signs"
        ),
        element_or_context=Message(
            "{value!r} is not an element", "write act, means, purpose or context"
        ),
        strength=Message("{value!r} is not a strength", "write strong, medium or weak"),
        not_whole=Message(
            "{value!r} is not a whole number of 0 or more", "write it in the digits 0-9"
        ),
        not_number=Message(
            "{value!r} is not a number", "write it in the digits 0-9 with a point, such as 0.25"
        ),
        not_share=Message("{value!r} is not a share", "write a number from 0 to 1"),
        not_loading=Message("{value!r} is not a loading", "write a number from -0.95 to 0.95"),
        not_yes_or_no=Message("{value!r} is not yes or no", "write yes or no"),
        not_seed=Message("{value!r} is not a seed", "write a whole number from 0 to 4294967295"),
        empty=Message(
            "the value is empty", "write it out, or leave out the key if it is not required"
        ),
        not_choice=Message("{value!r} is not one of the allowed words", "allowed words: {choices}"),
        not_keys=Message(
            "{value!r} is not a mapping of keys to values", "write lines of 'key: value' here"
        ),
        not_list=Message("{value!r} is not a list", "write a list, such as [one, two]"),
        too_few=Message("the list has too few entries", "write at least {least}"),
        not_text=Message("{value!r} is not text", "write words here"),
        not_telephone=Message(
            "{value!r} is not a telephone number",
            "write 3 to 15 of the digits 0-9, with spaces and one + in front if you like",
        ),
        not_seen=Message("{value!r} has characters that cannot be seen", "write it anew"),
        too_long=Message("{value!r} is too long", "write at most {most} characters"),
        not_id=Message("{value!r} is not a valid id", "write only a-z, 0-9 and _, a letter first"),
        not_name=Message(
            "{value!r} is not a valid id",
            "write only a-z, 0-9, - and . with a letter or digit first",
        ),
        not_language=Message("{value!r} is not the code of a language", "write a code such as sq"),
        not_case_code=Message(
            "{value!r} is not the code of a published case",
            "write a capital letter and two or three digits, such as R01",
        ),
        not_address=Message(
            "{value!r} is not the address of a page", "write it with http:// or https:// first"
        ),
        not_deadline=Message(
            "{value!r} is not a length of time", "write hours or days, such as 24h or 7d"
        ),
        not_sha256=Message("{value!r} is not a SHA-256 hash", "copy all 64 hex digits"),
        not_fingerprint=Message(
            "{value!r} is not the fingerprint of a text", "run tools/renew_fingerprints.py"
        ),
        not_key=Message(
            "{value!r} is not a valid public key", "copy the whole key, as the program printed it"
        ),
        not_signature=Message(
            "{value!r} is not a valid signature",
            "copy the whole signature, as the program wrote it",
        ),
        wrong_kind=Message(
            "{value!r} is not a value that this key can have", "write a value of the right kind"
        ),
        signer_id=Message("{value!r} is not a valid id", "write only a-z, 0-9, - and ."),
        signer_key=Message(
            "{value!r} is not a valid public key",
            "copy the whole public key, as 'calibrate key' printed it",
            page="copy the whole public key",
        ),
        signer_name=Message("{value!r} is not a valid name", "write the name in full"),
        signer_role=Message("{value!r} is not a valid role", "write the role in full"),
        signer=Message("{value!r} is not a valid value for {name}", "check what was written"),
    ),
    "K108": Code(
        "the file is not UTF-8 text, is empty or is too large",
        not_mapping=Message(
            "the file is not a single mapping of keys to values", "start it with 'format: 1'"
        ),
        file_too_large=Message(
            "the file is larger than {largest} MiB", "check that it belongs to a list"
        ),
        not_utf8=Message("byte {start} is not UTF-8", "save the file as UTF-8"),
    ),
    "K110": Code(
        "a list, weight set, text or mapping file that does not exist",
        list_unknown=Message(
            "there is no list {ref!r}",
            "either choose one of {known} or give the path of a list's folder",
        ),
        no_readings=Message(
            "nobody has read the vignettes {set} for a key",
            "choose a set that has a file in vignettes/readings",
        ),
        mapping_unknown=Message("there is no mapping {name!r}", "choose one of {known}"),
        no_mappings=Message("list {checklist} has no mappings", "leave out the mapping"),
        language_unknown=Message(
            "{language!r} is not a language of this tool", "choose one of {languages}"
        ),
        weights_unknown=Message(
            "list {checklist} has no weight set {ref!r}",
            "either choose one of {known} or give the path of a weight file",
        ),
        no_weights=Message("list {checklist} has no weight sets", "give the path of a weight file"),
        no_worlds=Message("list {checklist} has no worlds", "give the path of a world file"),
        not_a_file=Message("not an ordinary file", "put the file itself there"),
        file_missing=Message("no such file", "either check the name or restore the file"),
        file_unreadable=Message(
            "the file cannot be read ({reason})", "check its name and permissions"
        ),
        file_name=Message("{path!r} is not a valid file name", "check the name"),
        demo_cases_missing=Message(
            "list {checklist} has no bundled cases to demonstrate", "install the package again"
        ),
        weights_elsewhere=Message(
            "{ref} is not in the folder of list {checklist}",
            "put the file in {folder} and its signatures in signatures/ there",
        ),
        world_unknown=Message(
            "list {checklist} has no world {ref!r}",
            "either choose one of {known} or give the path of a world file",
        ),
        base_world_missing=Message(
            "there is no world {extends!r} in the same folder", "extend one that exists"
        ),
        name_unknown=Message(
            "there is no list, weight set or card {name!r}", "GET /api/lists gives the names"
        ),
        no_short_list=Message(
            "no list here is short enough for a card", "print all indicators instead"
        ),
        weights_not_listed=Message("there is no weight set {name!r}", "choose one from the list"),
    ),
    "K111": Code(
        "a file in a list's folder that its checklist.yaml does not name",
        section_not_named=Message(
            "{path} is not named under 'sections'", "either name it there or remove the file"
        ),
    ),
    "K112": Code(
        "an id that does not match the name of its file or folder",
        weights_file_name=Message(
            "{name!r} is not a valid file name for a weight set",
            "use a date and a word, such as 2027-01-15-trainers.yaml",
        ),
        id_and_file=Message("the file {path!r} has the id {own!r}", "make the two match"),
        id_and_folder=Message(
            "the list in folder {folder!r} has the id {own!r}", "make the two match"
        ),
        language_and_file=Message(
            "the file {path!r} has the language {language!r}", "make the two match"
        ),
        section_and_file=Message(
            "the file {name}.yaml has the section {section!r}", "make the two match"
        ),
        vignettes_and_file=Message(
            "the file {folder}/{path} has the id {own!r} and the language {language!r}",
            "make all three match",
        ),
        weights_name=Message(
            "{name!r} is not a valid name for a weight set",
            "use a date and a word, such as 2027-01-15-trainers",
        ),
    ),
    "K113": Code(
        "a repeated id",
        contact_twice=Message("contact {contact!r} appears twice", "keep one"),
        signer_registered=Message(
            "signer {signer!r} or their key is already registered",
            "use a new id for a new key; nobody signs for two people",
        ),
        dimension_twice=Message("dimension {dimension!r} appears twice", "keep one"),
        form_twice=Message("form {form!r} appears twice", "keep one"),
        step_twice=Message("step {step!r} appears twice", "keep one"),
        indicator_twice=Message(
            "indicator {indicator!r} appears twice, first at {first}", "keep one"
        ),
        section_twice=Message("section {section!r} appears twice", "keep one"),
        source_twice=Message("source {source!r} appears twice", "keep one"),
        signer_twice=Message(
            "signer {signer!r} or their key appears twice", "keep one; nobody signs for two people"
        ),
        case_twice=Message("case {case!r} appears twice", "give each case its own id"),
        precondition_twice=Message("precondition {precondition!r} appears twice", "keep one"),
        fact_twice=Message("fact {fact!r} appears twice", "keep one"),
        need_twice=Message("need {need!r} appears twice", "keep one"),
        retired_in_use=Message(
            "retired id {indicator!r} is in use, or retired twice",
            "never give an id to something else; keep it in one place",
        ),
        sign_of_two_facts=Message(
            "sign {indicator!r} is in two groups of states_one_fact", "keep it in one"
        ),
        situation_twice=Message("situation {situation!r} appears twice", "keep one"),
        depth_twice=Message("depth {depth!r} appears twice", "keep one"),
    ),
    "K120": Code(
        "a rule or text refers to an indicator, dimension, form, role or source that "
        "the list does not have",
        age_doubt=Message(
            "age_doubt gives {indicator!r}, which is not an indicator of this list",
            "either give one that is or leave out the key",
        ),
        dimension_of_indicator=Message(
            "indicator {indicator!r} is in dimension {dimension!r}, which the list does not have",
            "either use one it has or add this one in checklist.yaml",
        ),
        contact_unknown=Message("the list has no contact {contact!r}", "choose one of {known}"),
        form_unknown=Message(
            "form {form!r} is not in this list",
            "either use one it has or add this one in checklist.yaml",
        ),
        source_unknown=Message(
            "source {source!r} is not in sources.yaml",
            "either use one it has or add this one there",
        ),
        role_unnamed=Message("role {role!r} has no name in texts/en.yaml", "add it under 'roles'"),
        catalogue_of_catalogue=Message(
            "the catalogue is itself derived from a catalogue",
            "give a list that is not derived from another",
        ),
        not_in_catalogue=Message(
            "the catalogue {catalogue} has no indicator {indicator!r}",
            "either use one it has or write the indicator out here",
        ),
        indicator_of_profile=Message(
            "this list has no indicator {indicator!r} for the profile {profile}",
            "use one that it has",
        ),
        dimension_unknown=Message(
            "dimension {dimension!r} is not in this list", "choose one of {known}"
        ),
        twin=Message(
            "the twin {twin!r} does not give {case!r} as its own twin",
            "have each of the two give the other",
        ),
        indicator_unknown=Message(
            "indicator {indicator!r} is not in this list", "either correct the id or remove it"
        ),
        indicator_answered=Message(
            "indicator {indicator!r} is both answered and in not_put",
            "remove it from one of the two",
        ),
        case_unknown=Message("the vignettes {path} have no case {case!r}", "remove it"),
        key_of_readers=Message(
            "the case has an expected finding, but the key of this set comes from its readings",
            "either remove 'expected' or write 'keys_from: rules'",
        ),
        readers_of_case=Message(
            "a reading of case {case!r} is by somebody who is not named under 'readers', or "
            "who read it twice",
            "have each of the readers read it once",
        ),
        need_indicator=Message(
            "the list has no indicator {indicator!r} for the people the need is for",
            "either choose one it has or remove it",
        ),
        indicator_not_in_list=Message(
            "indicator {indicator!r} is not in list {checklist}", "check the id"
        ),
        company_fact=Message(
            "there is no fact {fact!r} with the choice 'alone'", "give one of the facts"
        ),
        fact_choice=Message(
            "there is no fact {fact!r} with such a choice",
            "choose one of the facts {known} and its choices",
        ),
        words_unneeded=Message(
            "there are words for {name!r}, which the interview does not have",
            "remove them; allowed keys: {allowed}",
        ),
        step_unknown=Message("step {step!r} is not in pathway.yaml", "use one that is"),
        base_extends=Message(
            "the world extends one that itself extends another",
            "extend the base of that one instead",
        ),
        pattern_unknown=Message(
            "pattern {pattern!r} is not in this world",
            "either use one it has or add this one under 'patterns'",
        ),
        situation_unknown=Message(
            "situation {situation!r} is not in this world", "choose one of {known}"
        ),
        situation_form=Message(
            "a situation must have a form exactly if it is exploited",
            "add a form of the list, or remove it where nobody is exploited",
        ),
    ),
    "K121": Code(
        "a decision rule that can never be true",
        enough_never_known=Message(
            "the rule enough_known for the profile {profile} can never be met",
            "lower it; it asks for more answers than the list has questions",
        ),
        never_true=Message(
            "the rule {level} for the profile {profile} can never be true",
            "either lower it or add indicators; the list has too few for what it asks",
        ),
    ),
    "K122": Code(
        "a child's rule that needs a means (Palermo Protocol art. 3(c): a child needs none)",
        child_needs_means=Message(
            "the rule {level} for a child can be true only with a sign of means",
            "remove the means from it; for a child, act and purpose are enough",
        ),
    ),
    "K123": Code(
        "an indicator on ethnicity, nationality, religion, community or sex",
        protected_trait=Message(
            "{name!r} records ethnicity, nationality, religion, community or sex",
            "remove it; such facts may be kept as statistics but never belong in a list",
        ),
    ),
    "K124": Code(
        "a protective observation or danger question that has a weight or a strength",
        item_strength=Message(
            "{indicator!r} is of the kind {kind} and has a strength",
            "write 'strength: {}'; such indicators are recorded and shown but never weighted",
        ),
        item_weight=Message(
            "{indicator!r} is of the kind {kind} and has the weight {value}",
            "write 0; such indicators are recorded and shown but never weighted",
        ),
    ),
    "K125": Code(
        "an indicator without the question or instruction that its mode needs",
        statement_missing=Message(
            "indicator {indicator!r} has no English statement", "add it in texts/en.yaml"
        ),
        prompt_missing=Message(
            "indicator {indicator!r} has the mode {mode} for the profile {profile} but no "
            "English {field}",
            "add '{field}:' under its id in texts/en.yaml",
        ),
    ),
    "K126": Code(
        "a rule node that is not one of the known kinds, or has more than one",
        kind_count=Message(
            "a rule must have exactly one kind, but this one has {keys}",
            "write any, all, gate, element, dimension, indicator, signs, points, line or known",
        ),
        rule_empty=Message(
            "the rule is empty",
            "write any, all, gate, element, dimension, indicator, signs, points, line or known",
        ),
        kind_unknown=Message(
            "{kind!r} is not a kind of rule",
            "write any, all, gate, element, dimension, indicator, signs, points, line or known",
        ),
        known_misplaced=Message(
            "'known' may be used only in enough_known", "write signs or points here"
        ),
        not_a_list=Message(
            "'{kind}' needs a list of rules", "write each rule on its own line after a dash"
        ),
    ),
    "K127": Code(
        "finding wording, reason or next step missing for some finding and profile",
        words_missing=Message(
            "{group}.{name}.{field} has no English words", "add them in texts/en.yaml"
        ),
        step_words_missing=Message(
            "step {step!r} has no English words", "add them under 'steps' in texts/en.yaml"
        ),
        need_words_missing=Message(
            "need {need!r} has no English name or text", "add both under 'needs' in texts/en.yaml"
        ),
        step_missing=Message(
            "the finding {finding} has no next step for the profile {profile}",
            "add one; every finding ends in something to do",
        ),
    ),
    "K128": Code(
        "a danger question that a skip hides, that does not apply to everybody, or "
        "whose yes alone is not act_now",
        danger_hidden=Message(
            "a skip hides the danger question {indicator!r}",
            "remove it from 'hide'; everybody is asked about danger",
        ),
        danger_not_act_now=Message(
            "for the profile {profile}, a yes to the danger question {indicator!r} does not "
            "lead to act_now",
            "have the indicator apply to everybody and meet the rule act_now by itself",
        ),
    ),
}
