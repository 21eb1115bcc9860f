"""Takes the pictures of the trainer's pages in docs/pictures, with invented raters.

python docs/pictures_trainer.py        needs Debian's chromium
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from playwright.sync_api import sync_playwright

from screening.calibration.forms import ratings_csv
from screening.calibration.ratings import new_codes
from screening.web.trainer.state import Bench
from support.bench import own_list, rated, running_bench
from support.browser import ready, windows_of

OUT = ROOT / "docs/pictures"
DESK, PHONE = {"width": 1200, "height": 900}, {"width": 390, "height": 844}


def main() -> None:
    """Agreement, weights and signatures on a desk; a story to rate and the weights on a phone."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(str(own_list(Path(folder)).folder))
        bench.rounds.take([("ratings.csv", ratings_csv(rated(bench.checklist, 14, slip=0.45)))])
        bench.propose("blend", "kosovo-15-15", 5)
        with running_bench(bench) as here, sync_playwright() as driver:
            browser = driver.chromium.launch(
                executable_path=shutil.which("chromium"),
                args=["--no-sandbox", "--disable-background-networking"],
            )
            for name, path, size, scheme, language in (
                ("agreement", "/agreement", DESK, "light", "en"),
                ("weights", "/weights", DESK, "light", "en"),
                ("thresholds", "/thresholds", DESK, "dark", "sq"),
                ("sign", "/sign?set=2026-11-23-published-strength", DESK, "light", "en"),
                ("rate", f"/rate/{new_codes(1, 77)[0]}/story/3", PHONE, "light", "sr"),
                ("weights-phone", "/weights", PHONE, "dark", "sr-Cyrl"),
            ):
                with windows_of(browser, here, path) as windows:
                    page = windows(language, **size, scheme=scheme)
                    if name.startswith("weights"):
                        page.locator("input[name='child:deceived_earnings']").fill("6")
                        page.wait_for_selector("#impact table")
                        ready(page)
                    page.screenshot(path=OUT / f"trainer-{name}.png", animations="disabled")
            browser.close()


if __name__ == "__main__":
    main()
