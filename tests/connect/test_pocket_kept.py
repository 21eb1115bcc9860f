"""How a record leaves the pocket edition, how it is read again, and what is refused."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from screening.casebook.sealed import open_sealed
from screening.connect.pocket.textcode import read_text
from screening.errors import CaseError, UsageError
from screening.interview import Interview, Record, load_protocol
from support.browser import PATIENCE
from support.canaries import CANARY, found, written
from support.pocket_screens import KOSOVO, PASSPHRASE, WEIGHTS, meet, met, ready, tap

pytest_plugins = ["support.pocket_pages"]
pytestmark = pytest.mark.browser


def same(record: Record, page: Page) -> None:
    """The record is what the page has, and scores alike on the laptop."""
    there = page.evaluate("app.interview.record")
    made = record.to_dict()
    assert {k: v for k, v in made.items() if k != "changes"} == {
        k: v for k, v in there.items() if k != "changes"
    }
    interview = Interview(KOSOVO, WEIGHTS, load_protocol(KOSOVO), record)
    assert interview.same_list
    ours, theirs = interview.scored(), page.evaluate("app.interview.score()")
    assert (ours.finding, ours.points) == (theirs["finding"], theirs["points"])


def test_what_the_phone_saves_the_laptop_opens(page: Page, tmp_path: Path) -> None:
    met(page)
    tap(page, "Save an encrypted file")
    page.fill("#f-passphrase", PASSPHRASE)
    ready(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save", exact=True).click()
    path = tmp_path / "her.case"
    download.value.save_as(path)
    content = path.read_bytes()
    assert b"sent_and_placed" not in content
    record = Record.from_dict(open_sealed(content, PASSPHRASE))
    same(record, page)
    assert record.changes[-1].what == "judgement"
    with pytest.raises(UsageError, match="U311"):
        open_sealed(content, PASSPHRASE + "x")
    with pytest.raises(UsageError, match="U312"):
        open_sealed(content[:200] + b"\0" + content[201:], PASSPHRASE)
    tap(page, "Menu")
    expect(page.get_by_text("NOT SAVED if you close this page.")).to_be_hidden()
    tap(page, "Forget this case")
    tap(page, "Forget it")
    tap(page, "Open a saved file")
    page.set_input_files("#f-file", path)
    page.fill("#f-opening", "something else entirely")
    tap(page, "Open this file")
    expect(page.get_by_role("alert")).to_contain_text("Wrong passphrase")
    page.fill("#f-opening", PASSPHRASE)
    tap(page, "Open this file")
    expect(page.locator("main.v-start")).to_be_visible()
    same(record, page)


def test_a_file_from_a_phone_may_not_ask_for_little_work(page: Page) -> None:
    met(page)
    made = bytes(
        page.evaluate(f"keeping.seal(app.interview.record, '{PASSPHRASE}').then((b) => [...b])")
    )
    assert open_sealed(made, PASSPHRASE)["case_id"].startswith("P-")
    weak = made[:32] + (1000).to_bytes(4, "little") + made[36:-32]
    with pytest.raises(UsageError, match="U312"):
        open_sealed(weak + hashlib.sha256(weak).digest(), PASSPHRASE)


@pytest.mark.parametrize(
    "note", ["", "ž" * 40 + " ујак 😀", " ".join(str(n**3) for n in range(300))]
)
def test_the_codes_are_read_by_a_real_reader_and_the_laptop(
    page: Page, tmp_path: Path, note: str
) -> None:
    met(page, note)
    tap(page, "Show as a code")
    lines: list[str] = []
    while True:
        expect(page.locator("svg.qr")).to_be_visible()
        page.locator("svg.qr").screenshot(path=tmp_path / "code.png")
        (found,) = zxingcpp.read_barcodes(Image.open(tmp_path / "code.png"))
        lines.append(found.text)
        many = int(lines[0].split(":")[1].partition("/")[2])
        if len(lines) == many:
            break
        tap(page, "Next code")
        expect(page.locator(".mode")).to_have_text(f"Code {len(lines) + 1} of {many}")
    assert (len(lines) > 1) == (len(note) > 100)
    same(Record.from_dict(read_text("\n".join(reversed(lines)))), page)
    if len(lines) > 1:
        with pytest.raises(CaseError, match=r"part 1 of .*C241"):
            read_text(lines[1])
    swapped = lines[0][:30].translate(str.maketrans("YZ23", "ZY32")) + lines[0][30:-1]
    with pytest.raises(CaseError, match="C241"):
        read_text(swapped)


@pytest.mark.parametrize("letters", [1, 24, 25, 90, 300, 640, 1000, 2200, 4296])
def test_codes_of_every_size_are_read_back(page: Page, tmp_path: Path, letters: int) -> None:
    text = ("SP1:2/3:89ABCDEF:MFRGGZDFMY234567 $%*+-./" * 200)[:letters]
    page.set_viewport_size({"width": 1200, "height": 1200})
    page.evaluate("t => document.querySelector('main').replaceChildren(keeping.picture(t))", text)
    page.locator("svg.qr").evaluate(
        "e => { e.setAttribute('width', '1100'); e.classList.remove('qr'); }"
    )
    page.locator("main svg").screenshot(path=tmp_path / "code.png")
    (found,) = zxingcpp.read_barcodes(Image.open(tmp_path / "code.png"))
    assert found.text == text


def test_the_terminal_goes_on_from_the_codes_of_a_phone(page: Page) -> None:
    met(page, "")
    parts = page.evaluate("keeping.textParts()")
    ran = subprocess.run(
        [sys.executable, "-m", "screening", "interview", "--open-text"],
        input="\n".join([*parts, "q", ""]),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert page.evaluate("app.interview.record.case_id") in ran.stdout
    garbled = subprocess.run(
        [sys.executable, "-m", "screening", "interview", "--open-text"],
        input="SP1:1/1:00000000:AAAA\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (garbled.returncode, garbled.stderr.count("[C241]")) == (2, 1)


def test_the_browser_on_the_laptop_goes_on_from_the_codes_of_a_phone(
    page: Page, windows: Any
) -> None:
    met(page)
    parts = page.evaluate("keeping.textParts()")
    laptop = windows("en", 1280)
    laptop.locator("summary", has_text="Go on from a phone").click()
    laptop.fill("textarea[name=text]", "SP1:1/1:00000000:AAAA")
    laptop.get_by_role("button", name="Open the record").click()
    expect(laptop.locator(".problem")).to_contain_text("C241")
    laptop.locator("summary", has_text="Go on from a phone").click()
    laptop.fill("textarea[name=text]", "\n".join(parts))
    laptop.get_by_role("button", name="Open the record").click()
    expect(laptop).to_have_url(re.compile(r"/c/"))
    laptop.goto(re.sub(r"/c/(\w+).*", r"/c/\1/person", laptop.url))
    expect(laptop.locator("input[name=age]")).to_have_value("9")


# -- what is refused -------------------------------------------------------------------------------


def b32(packed: bytes) -> str:
    return base64.b32encode(packed).decode().rstrip("=")


def packed(content: bytes) -> bytes:
    pack = zlib.compressobj(9, zlib.DEFLATED, -15)
    return pack.compress(content) + pack.flush()


def one_code(content: bytes) -> str:
    """One code, sound in itself, that holds this."""
    return f"SP1:1/1:{zlib.crc32(content):08X}:{b32(content)}"


FOREIGN = {
    "nothing": "",
    "an address": "https://example.org/?SP1:1/1",
    "a network": "WIFI:T:WPA;S:station;P:secret;;",
    "a card": "BEGIN:VCARD\nFN:Somebody\nEND:VCARD",
    "another kind": "SP2:1/1:00000000:AAAA",
    "no letters": "SP1:1/1:00000000:",
    "none of none": "SP1:0/0:00000000:A",
    "the third of two": "SP1:3/2:00000000:AAAA",
    "other digits": "SP1:\u0661/\u0661:00000000:AAAA",
    "letters with accents": "SP1:1/1:00000000:ÄÖÜ",
    "no compressed text": one_code(b"\xff" * 40),
    "cut while compressed": one_code(packed(b'{"format": 1}' * 50)[:-9]),
    "something behind it": one_code(packed(b"{}") + b"more"),
    "no record": one_code(packed(b"[1, 2]")),
    "an empty record": one_code(packed(b"{}")),
    "twice the same key": one_code(packed(b'{"format": 1, "format": 2}')),
    "a bomb": one_code(packed(b" " * 50_000_000)),
    "brackets": one_code(packed(b"[" * 100_000)),
}


@pytest.mark.parametrize("text", FOREIGN.values(), ids=FOREIGN)
def test_what_no_phone_of_ours_shows_is_refused_in_a_line(text: str) -> None:
    with pytest.raises(CaseError) as refused:
        Record.from_dict(read_text(text))
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 300


def test_codes_that_are_damaged_short_or_mixed_are_refused_and_their_order_does_not_matter(
    page: Page,
) -> None:
    met(page, " ".join(str(n**3) for n in range(300)))
    parts = page.evaluate("keeping.textParts()")
    assert len(parts) > 2
    page.evaluate("app.interview.answer('daily_quota', {answer: 'yes'})")
    others = page.evaluate("keeping.textParts()")
    whole = read_text("\n".join(parts))
    for order in (parts[::-1], [parts[1], *parts], [p.lower() for p in parts]):
        assert read_text("\r\n".join(order)) == whole
    damaged = [parts[:-1], parts[1:], [parts[0], *others[1:]], [*parts, others[0]]]
    for n, part in enumerate(parts):
        for at in (len("SP1:1/3:"), len(part) // 2, len(part) - 1):
            changed = part[:at] + ("B" if part[at] == "A" else "A") + part[at + 1 :]
            damaged.append([*parts[:n], changed, *parts[n + 1 :]])
        damaged += [[*parts[:n], part[:-cut], *parts[n + 1 :]] for cut in (1, 9, len(part) // 2)]
        damaged += [[*parts[:n], part + "A", *parts[n + 1 :]], [*parts, parts[n][:-1] + "7"]]
    for lines in damaged:
        with pytest.raises(CaseError, match="C241"):
            read_text("\n".join(lines))


def test_a_code_that_is_refused_on_the_laptop_loses_nothing_there(page: Page, windows: Any) -> None:
    met(page)
    good = page.evaluate("keeping.textParts()")
    laptop = windows("en", 1280)
    for text in (good[0][:-4], FOREIGN["an address"], FOREIGN["an empty record"], good[0]):
        laptop.locator("summary", has_text="Go on from a phone").click()
        laptop.fill("textarea[name=text]", text)
        laptop.get_by_role("button", name="Open the record").click()
        if text != good[0]:
            expect(laptop.locator(".problem")).to_contain_text("C241")
    expect(laptop).to_have_url(re.compile(r"/c/"))
    first = laptop.url
    laptop.goto(re.sub(r"/c/.*", "/", laptop.url))
    laptop.locator("summary", has_text="Go on from a phone").click()
    laptop.fill("textarea[name=text]", FOREIGN["a bomb"])
    laptop.get_by_role("button", name="Open the record").click()
    expect(laptop.locator(".problem")).to_contain_text("C241")
    laptop.goto(re.sub(r"/c/(\w+).*", r"/c/\1/person", first))
    expect(laptop.locator("input[name=age]")).to_have_value("9")


def again_summed(content: bytes) -> bytes:
    """Changed on purpose, with a sum that fits."""
    return content[:-32] + hashlib.sha256(content[:-32]).digest()


def test_files_that_are_damaged_short_or_foreign_are_told_apart_and_nothing_is_lost(
    page: Page, tmp_path: Path
) -> None:
    met(page)
    made = bytes(
        page.evaluate(f"keeping.seal(app.interview.record, '{PASSPHRASE}').then((b) => [...b])")
    )
    page.evaluate("app.startOver(); app.go('open')")
    damaged = [made[:at] for at in (16, 20, 35, 44, 104, 116, len(made) - 1, len(made) // 2)]
    damaged += [made + b"\n", made[:-32]]
    for at in (17, 33, 50, 60, 110, 200, len(made) - 40, len(made) - 1):
        damaged.append(made[:at] + bytes([made[at] ^ 1]) + made[at + 1 :])
    foreign = [b"", b"\x89PNG\r\n\x1a\n" + bytes(9000), b"screening-case\n1" + made[16:]]
    foreign += [again_summed(made[:32] + (1000).to_bytes(4, "little") + made[36:])]
    foreign += [again_summed(made[:32] + b"\xff" * 4 + made[36:])]
    changed = [
        again_summed(made[:at] + bytes([made[at] ^ 1]) + made[at + 1 :])
        for at in (17, 40, 50, 60, 110, 200, len(made) - 40)
    ]
    page.fill("#f-opening", PASSPHRASE)
    for contents, words in (
        (damaged, "This file is damaged or cut off."),
        (foreign, "This file was not saved by this page."),
        (changed, "Wrong passphrase."),
    ):
        for content in contents:
            page.locator("#trouble").evaluate("e => { e.textContent = ''; }")
            page.set_input_files("#f-file", {"name": "x.case", "mimeType": "", "buffer": content})
            tap(page, "Open this file")
            expect(page.locator("#trouble")).to_contain_text(words)
            if content not in foreign[:3]:
                with pytest.raises(UsageError, match=r"U31[12]"):
                    open_sealed(content, PASSPHRASE)
    assert page.locator("#f-opening").input_value() == PASSPHRASE
    assert not page.evaluate("app.interview.record.changes.length")
    page.set_input_files("#f-file", {"name": "x.case", "mimeType": "", "buffer": made})
    tap(page, "Open this file")
    expect(page.locator("main.v-start")).to_be_visible()
    assert page.evaluate("app.interview.record.answers.sent_and_placed.answer") == "yes"


# -- what the browser keeps ------------------------------------------------------------------------


def test_nothing_that_is_typed_or_chosen_is_in_the_browsers_profile(
    chromium: Any, pocket_file: Path, tmp_path: Path
) -> None:
    """`test_web_canaries` has the control: a form without care leaves its words there."""
    profile, name = tmp_path / "profile", "qzpocket.html"
    shutil.copy(pocket_file, tmp_path / name)
    context = chromium.browser_type.launch_persistent_context(
        str(profile), executable_path="/usr/bin/chromium", args=["--no-sandbox"], locale="en-GB"
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.on("dialog", lambda d: d.accept())
    page.goto((tmp_path / name).as_uri())
    meet(page, "9", company="others", begs="yes")
    tap(page, "Nobody yet")
    page.locator("summary").first.click()
    page.fill("textarea", CANARY + "NOTE")
    tap(page, "Yes")
    page.locator("summary").first.click()
    page.fill("textarea", CANARY + "HALF")
    page.evaluate("app.go('judgement')")
    page.check("input[name=judgement][value=refer]")
    page.fill("#f-judged", CANARY + "WHY")
    tap(page, "Save my view, show result")
    page.evaluate("app.go('save')")
    page.fill("#f-passphrase", CANARY + "PASS")
    page.evaluate("app.go('code', 0)")
    expect(page.locator("svg.qr")).to_be_visible()
    page.evaluate("app.leave()")
    page.fill("textarea", CANARY + "BLANK")
    written(profile, name)
    page.goto("about:blank")  # what is kept of a page is written when it is left
    page.goto((tmp_path / name).as_uri())
    page.evaluate("app.interview.person(34, true, {}); app.go('person')")
    page.fill("#f-age", "34")
    page.evaluate("app.go('blank')")
    page.fill("textarea", CANARY + "LAST")
    page.reload()
    page.goto("data:text/html,qzafterwards")
    written(profile, "qzafterwards")
    context.close()
    assert found(profile, CANARY) == []
