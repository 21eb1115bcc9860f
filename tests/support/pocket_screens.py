"""The pocket edition as a person goes through it: taps, meetings, a phone that is handed over."""

from __future__ import annotations

import io
import wave
from pathlib import Path

from playwright.sync_api import Page, expect

from screening.checklist import load_checklist, load_weights
from screening.contacts import Contacts, contacts

KOSOVO = load_checklist("kosovo")
WEIGHTS = load_weights(KOSOVO)


def whom(language: str) -> Contacts:
    """Whom to call where the station filled in nothing."""
    return contacts(KOSOVO, language, Path("nothing-filled-in.yaml"))


def ready(page: Page) -> None:
    expect(page.locator("main[data-ready]")).to_have_count(1)


def tap(page: Page, name: str) -> None:
    ready(page)
    page.get_by_role("button", name=name, exact=True).first.click()


def seen(page: Page) -> str:
    """Which view is shown."""
    return (page.locator("main").get_attribute("class") or "").removeprefix("v-")


def meet(page: Page, age: str, danger: str = "No", **facts: str) -> None:
    """From the start to the questions."""
    tap(page, "Begin")
    tap(page, danger)
    if danger != "No":
        tap(page, "Go on")
    page.fill("#f-age", age)
    page.check("input[name=certain][value=yes]")
    for fact, choice in facts.items():
        page.check(f"input[name=fact-{fact}][value={choice}]")
    tap(page, "Go on")


def ask_all(page: Page, answer: str = "No", most: int = 40) -> list[str]:
    """Answer until no question comes; how each was to be established."""
    modes = []
    for _ in range(most):
        ready(page)
        if seen(page) != "question":
            break
        modes.append(page.locator(".mode").inner_text())
        tap(page, answer)
    return modes


def settle_before_asking(page: Page) -> None:
    for choice in (
        "Yes, we are out of hearing",
        "No interpreter needed",
        "Yes, said and understood",
    ):
        tap(page, choice)
    page.locator("fieldset", has_text="agree to talk").get_by_role(
        "button", name="Yes", exact=True
    ).click()
    tap(page, "Go on")


PASSPHRASE = "biduno zelagi mopatu"


def met(page: Page, note: str = "Ujku më vë këtu; ујак.") -> None:
    """A girl of nine with an answer, a note and the officer's view."""
    meet(page, "9", company="others", begs="yes")
    tap(page, "Nobody yet")
    page.evaluate(
        "note => { app.interview.answer('sent_and_placed', {answer: 'yes', basis: 'said', note});"
        " app.interview.answer('out_of_school', {answer: 'refused'});"
        " app.interview.answer('daily_quota', {answer: 'not_asked'});"
        " app.interview.judge('refer', 'She looks at him first.'); app.go('start'); }",
        note,
    )


CODE = "7391"


def record_sounds(folder: Path, language: str = "sq") -> None:
    """A short tone for every question: what a station would record."""
    there = folder / "sounds" / language
    there.mkdir(parents=True)
    tone = io.BytesIO()
    with wave.open(tone, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(bytes(800))
    for sign in KOSOVO.indicators:
        (there / f"{sign}.ogg").write_bytes(tone.getvalue())


def hand_over(page: Page, language: str = "sq") -> None:
    tap(page, "In the person's own hands")
    page.check(f"input[name=heard-in][value={language}]")
    page.fill("#f-code", CODE)
    tap(page, "Hand over now")
