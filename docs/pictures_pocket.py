"""Takes the pictures of the pocket edition in docs/pictures, as a small phone shows it.

python docs/pictures_pocket.py        needs Debian's chromium
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from PIL import Image
from playwright.sync_api import sync_playwright

from screening.checklist import load_checklist, load_weights
from screening.connect.pocket import pocket_html
from screening.contacts import contacts
from screening.i18n import LANGUAGES
from support.pocket import opened

OUT = ROOT / "docs/pictures"
# A girl of nine who begs, for whom nobody speaks yet
HER = """
app.interview.answer('danger_now', {answer: 'no', basis: 'observed'});
app.interview.person(9, true, {company: 'family', begs: 'yes'});
app.interview.precondition('representative', 'nobody_yet');
for (const id of ['others_answer', 'supervised_begging', 'begging_hazard', 'fear_of_companion'])
  app.interview.answer(id, {answer: 'yes', basis: 'observed'});
app.interview.judge('refer', '');
"""
# A recording beside the file
HEARD = """window.Audio = class {
  set src(name) { setTimeout(() => this.oncanplaythrough()); }
  play() { return Promise.resolve(); }
  pause() {}
};"""
VIEWS = {
    "start": "app.go('start')",
    "help": "app.go('help')",
    "question": "app.go('question', app.engine.places.get('directed_by_phone'))",
    "card": "app.go('card')",
    "finding": "app.go('finding')",
    "code": "app.go('code', 0)",
    "hands": HEARD + "hands.locked = () => true;"
    "app.go('hands', app.engine.places.get('threats_now'))",
}
MAIN = ("question",)  # kept in every language and in the dark


def main(out: Path = OUT, every: bool = False) -> None:
    """Write the pictures; `every` view in every language where asked."""
    kosovo = load_checklist("kosovo")
    html = pocket_html(
        kosovo, load_weights(kosovo), lambda lang: contacts(kosovo, lang, Path("none.yaml"))
    )
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        path = Path(folder) / "pocket.html"
        path.write_text(html, encoding="utf-8")
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for language in LANGUAGES:
            for theme in ("light", "dark"):
                page = opened(
                    browser, path, viewport={"width": 360, "height": 740}, color_scheme=theme
                )
                page.click(f"header [lang={language}]")
                page.evaluate(HER)
                for view, there in VIEWS.items():
                    kept = language == "en" and theme == "light"
                    if not (
                        every or kept or (view in MAIN and (theme == "light" or language == "en"))
                    ):
                        continue
                    page.evaluate(there)
                    page.wait_for_selector("main[data-ready]")
                    picture = out / f"pocket-{view}-{language}-{theme}.png"
                    page.screenshot(path=picture)
                    Image.open(picture).quantize(32).save(picture, optimize=True)
                page.context.close()
        browser.close()


if __name__ == "__main__":
    main()
