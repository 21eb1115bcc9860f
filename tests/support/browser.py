"""A real browser for tests: windows that have come in, and steps as a person takes them.

No step returns before the page that it leads to has said that it works. What a page does by itself
(it saves, it hears of other windows) is waited for with `expect`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, Literal

from playwright.sync_api import Browser, Locator, Page, Request, expect

from support.web import Running

PATIENCE = 60_000  # milliseconds for what a page is waited for; only a failure takes as long
expect.set_options(timeout=PATIENCE)

# A page works when it is whole and its scripts, where it may run any, have taken it over. htmx
# comes last, and marks what it has not finished with.
WORKS = """() => document.readyState === 'complete'
  && (window.htmx || !document.querySelector('[hx-boost], [hx-post]')
      || matchMedia('(scripting: none)').matches)
  && !document.documentElement.hasAttribute('data-unseen')
  && !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling, .htmx-added')"""

PRECONDITIONS = {
    "danger": "no",
    "private": "yes",
    "interpreter": "not_needed",
    "may_stop": "yes",
    "agreement": "yes",
    "representative": "social_worker",
}

# A girl of nine, met begging with her uncle: what is answered yes, and the note.
HER_ANSWERS = {
    "sent_and_placed": "Uncle puts me here.",
    "daily_quota": "Twenty, or I wait.",
    "money_to_controller": "He takes it at night.",
    "others_answer": "He answered twice.",
}


# -- windows ---------------------------------------------------------------------------------------


class _Windows:
    """Windows that are used again: to open one costs several times what a page costs.

    One that comes back is taken off its page and forgets all that it was told.
    """

    def __init__(self) -> None:
        self._free: dict[tuple[Browser, str], list[Page]] = {}

    def take(self, chromium: Browser, **options: Any) -> Page:
        """A window of a browser of its own; `options` as for a context of Playwright."""
        free = self._free.get((chromium, repr(options)), [])
        if free:
            return free.pop()
        context = chromium.new_context(**options)
        context.set_default_timeout(PATIENCE)
        return context.new_page()

    def give_back(self, page: Page, chromium: Browser, **options: Any) -> None:
        first, *others = page.context.pages or [page]
        if page is not first or page.is_closed():
            return page.context.close()
        for other in others:
            other.close()
        page.unroute_all()
        page.goto("about:blank")
        page.context.clear_cookies()
        self._free.setdefault((chromium, repr(options)), []).append(page)


_windows = _Windows()


@contextmanager
def windows_of(chromium: Browser, here: Running, start: str = "/") -> Iterator[Any]:
    """Opens windows that have come in, each in a browser of its own:

    `another(language, width)`. No request may leave the machine.

    scripts : whether pages may run any
    scheme : the colours that the person likes, light or dark
    """
    used: list[tuple[Page, dict[str, Any]]] = []
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    def another(
        language: str = "en",
        width: int = 1000,
        height: int = 800,
        scripts: bool = True,
        scheme: Literal["light", "dark"] = "light",
        **options: Any,
    ) -> Page:
        options = {"java_script_enabled": scripts, **options}
        page = _windows.take(chromium, **options)
        used.append((page, options))
        page.context.add_cookies(
            [here.cookie, {"name": "notes_language", "value": language, "url": here.address}]
        )
        page.context.on("request", note)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(media="screen", color_scheme=scheme)
        visit(page, here.address + start)
        return page

    yield another
    for page, options in used:
        page.context.remove_listener("request", note)
        _windows.give_back(page, chromium, **options)
    own = (here.address, "data:", "about:", "blob:")
    assert asked and [u for u in asked if not u.startswith(own)] == [], "a request left the machine"


def ready(page: Page) -> None:
    """Wait until the page works."""
    page.wait_for_load_state()  # first: a page without scripts cannot be asked a second time
    page.wait_for_function(WORKS)


def visit(page: Page, address: str) -> None:
    """Go to an address and wait until its page works."""
    page.goto(address)
    ready(page)


@contextmanager
def turning(page: Page) -> Iterator[None]:
    """What is done inside leads to another page: wait until that one is there and works.

    It may be the same page once more, put together anew.
    """
    page.evaluate("document.getElementById('content').dataset.old = ''")
    yield
    expect(page.locator("#content:not([data-old])")).to_be_attached()
    ready(page)


def follow(page: Page, what: str | Locator, to: str = "") -> None:
    """Click what leads to another page, and wait until that works.

    to : how the path of that page ends
    """
    with turning(page):
        (page.locator(what) if isinstance(what, str) else what).click()
    if to:
        expect(page).to_have_url(re.compile(re.escape(to) + r"(\?.*)?$"))


def resize(page: Page, width: int, height: int = 800) -> None:
    """Make a window as wide and wait until its page is."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function("width => innerWidth === width", arg=width)


def path(page: Page) -> str:
    """The path of the page."""
    return str(page.evaluate("location.pathname"))


def tab_to(page: Page, focused: str, most: int = 60) -> None:
    """Press Tab until what has the focus is so; it must be seen.

    focused : a condition on `focus`, the element, in the page's language
    """
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(f"(focus => {focused})(document.activeElement)"):
            assert page.evaluate("document.activeElement.getClientRects().length > 0")
            return
    raise AssertionError(f"Tab never reached: {focused}")


def escape(page: Page, times: int = 2, apart: int = 0) -> None:
    """Press Esc so many milliseconds apart by the page's clock.

    The clock is held still, so that a slow machine takes no longer over it than a quick one.
    """
    now = page.evaluate("Date.now()")
    for n in range(times):
        page.evaluate("now => { Date.now = () => now }", now + n * apart)
        page.keyboard.press("Escape")


# -- an interview ----------------------------------------------------------------------------------


def begin(page: Page, case_id: str = "") -> None:
    """Begin a case on the start page."""
    if case_id:
        page.fill("input[name=case_id]", case_id)
    follow(page, 'form[action="/new"] button', "/precondition/0")


def meet(
    page: Page,
    age: str,
    company: str = "family",
    certain: str = "yes",
    said: Mapping[str, str] = MappingProxyType({}),
    **facts: str,
) -> None:
    """From the question of danger to the first question: the person, and what comes before.

    said : what is chosen at a precondition instead of the usual
    """
    choices = {**PRECONDITIONS, **said}
    expect(page).to_have_url(re.compile("/precondition/0$"))
    follow(page, f'#main button[name=choice][value="{choices["danger"]}"]')
    if choices["danger"] != "no":
        expect(page).to_have_url(re.compile("/danger$"))
        follow(page, "a.onward")
    note_person(page, age, company, certain, **facts)
    meet_rest(page, choices)


def meet_rest(page: Page, choices: Mapping[str, str] = MappingProxyType(PRECONDITIONS)) -> None:
    """What comes before any question once the person was noted."""
    if path(page).endswith("/precondition/5"):
        follow(page, f'#main button[name=choice][value="{choices["representative"]}"]')
    if path(page).endswith("/before"):
        for name in ("private", "interpreter", "may_stop", "agreement"):
            page.check(f'input[name="{name}"][value="{choices[name]}"]')
        follow(page, "#main button.main")


def note_person(
    page: Page, age: str, company: str = "family", certain: str = "yes", **facts: str
) -> None:
    """Fill in age and facts."""
    expect(page).to_have_url(re.compile("/person$"))
    page.fill("input[name=age]", age)
    for name, value in {
        "age_certain": certain,
        "fact_company": company,
        **{f"fact_{k}": v for k, v in facts.items()},
    }.items():
        page.check(f'input[name="{name}"][value="{value}"]')
    follow(page, "#main button.main")


def answer(page: Page, value: str) -> None:
    """Give one answer to the question shown."""
    follow(page, f'#main button[name=answer][value="{value}"]')


def answer_all(page: Page, indicators: list[str], yes: dict[str, str], most: int = 130) -> int:
    """Answer what is put until no question comes: yes with a note for some, no for the rest.

    How many were put.
    """
    for put in range(most):
        place = path(page)
        if "/q/" not in place:
            return put
        name = indicators[int(place.split("/q/")[1])]
        if name in yes:
            page.fill("#note", yes[name])
        answer(page, "yes" if name in yes else "no")
    raise AssertionError("the questions do not end")
