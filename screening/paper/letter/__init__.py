"""The referral letter: what another office needs to act, from what was recorded and nothing else.

fields    what is typed for it, and which of it must be there
writing   one language of a letter: its words, and how what was typed is shown
facts     the first page: what happened, where the person is, danger, needs, what is asked, and
          the slip that comes back
body      what was found, what was already asked, safety, next steps, the law
annex     how the finding was worked out, and from which sources: not for a case file
content   the letter as blocks of lines
setting   the same lines as PDF, page and text
"""

from screening.paper.letter.content import Letter, letter
from screening.paper.letter.setting import letter_html, letter_pdf, letter_text
from screening.paper.letter.writing import Block

__all__ = ["Block", "Letter", "letter", "letter_html", "letter_pdf", "letter_text"]
