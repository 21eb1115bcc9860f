"""What a coordinator reports: tables of the victims identified, how far children came, and whether
fewer are identified than expected. Counts only; no way leads from a count to a person.

    facts     what is counted of each case, from its events
    report    the tables
    monitor   observed against expected, looked at every month
    protect   what is left out of a release
    show      words, rows and frames; charts draws
    paper     the tables of the article that this project began with
"""
