"""The trainer's loop on the command line: forms, ratings, agreement, weights, impact, two
signatures, in force, scored with.
"""

from __future__ import annotations

import io
import json
import re
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from screening.calibration import propose
from screening.calibration.agreement.result import NAMES
from screening.calibration.forms import write_ratings
from screening.checklist import Checklist, load_weights
from screening.checklist.signed import activations, head
from screening.checklist.weights import weight_set_ids
from screening.simulation import world_ids
from support.bench import NEXT, own_list, rated

WORDS = "six words that nobody else has"
REASON = "Decided by the trainers on 1 December"
OVERRIDE = "A trial for one week, agreed with the coordinator."


@pytest.fixture
def own(tmp_path: Path) -> Checklist:
    return own_list(tmp_path)


@pytest.fixture
def trainer(cli: Any, own: Checklist, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs `screening calibrate ...` on a list of one's own and types passphrases.

    A set is drafted with few plausible sets beside it, and judged on few invented people: each is
    scored in every world.
    """
    monkeypatch.setattr("screening.calibration.concerns.PEOPLE", 1000)
    monkeypatch.setattr(propose, "propose", partial(propose.propose, draws=5))

    def call(*arguments: object, typed: tuple[str, ...] = ()) -> Any:
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in typed)))
        return cli("calibrate", *arguments, "--checklist", own.folder)

    return call


def keys(trainer: Any, tmp_path: Path) -> None:
    for name in ("arta", "besa"):
        made = trainer_key(trainer, name, tmp_path)
        assert (
            trainer(
                "register",
                name,
                "--key",
                made,
                "--name",
                name.title(),
                "--role",
                "trainer",
                "--since",
                "2026-11-01",
            ).code
            == 0
        )


def trainer_key(trainer: Any, name: str, tmp_path: Path) -> str:
    """`calibrate key` knows no list."""
    from screening.cli import run

    sys.stdin = io.StringIO(f"{WORDS}\n{WORDS}\n")
    out, real = io.StringIO(), sys.stdout
    sys.stdout = out
    try:
        assert run(["calibrate", "key", name, "-o", str(tmp_path / f"{name}.key")]) == 0
    finally:
        sys.stdout = real
    found = re.fullmatch(r"([A-Za-z0-9+/]{43}=)\n", out.getvalue())
    assert found, "the public half alone goes to stdout"
    return found.group(1)


def draft(trainer: Any, tmp_path: Path, own: Checklist, *more: object) -> Any:
    path = tmp_path / "ratings.csv"
    if not path.exists():
        write_ratings(rated(own), path)
    return trainer(
        "weights",
        path,
        "-o",
        NEXT,
        "--title",
        "Twelve trainers",
        "--author",
        "A. Kola",
        "--recheck-by",
        "2028-01-15",
        "--valid-from",
        "2026-11-01",
        "--seed",
        2,
        *more,
    )


def signed(trainer: Any, tmp_path: Path, name: str) -> Any:
    """Somebody signs; with a reason where a group is worse off or raters differ."""
    call = ("sign", NEXT, "--key", tmp_path / f"{name}.key")
    ran = trainer(*call, typed=(WORDS,))
    if ran.code == 2 and "--override" in ran.err:
        return trainer(*call, "--override", OVERRIDE, typed=(WORDS,))
    return ran


def test_a_trainer_goes_the_whole_way_and_the_set_scores(trainer, cli, own, tmp_path):
    assert trainer("forms", "-o", tmp_path / "round-1", "--raters", 3, "--seed", 1).out.startswith(
        "3 forms in"
    )
    ratings = rated(own, 12)
    from screening.calibration.forms import ratings_csv

    for n in range(12):  # what came back: one file a person
        (tmp_path / f"back-{n:02}.csv").write_bytes(ratings_csv(ratings.of([n])))
    taken = trainer("ratings", *sorted(tmp_path.glob("back-*.csv")), "-o", tmp_path / "ratings.csv")
    assert taken.code == 0 and taken.out.startswith("12 raters, round 1: ")
    agreed = trainer(
        "agreement", tmp_path / "ratings.csv", "--draws", 200, "-o", tmp_path / "agreement"
    )
    assert agreed.code == 0 and "Krippendorff's alpha, ordinal" in agreed.out
    figures = json.loads((tmp_path / "agreement/agreement.json").read_text(encoding="utf-8"))
    assert figures["raters"] == 12 and {NAMES[s["key"]] for s in figures["overall"]} >= {
        "Fleiss' kappa",
        NAMES["icc_single"],
        "Weighted kappa, mean of pairs",
    }
    assert (tmp_path / "agreement/signs.png").read_bytes().startswith(b"\x89PNG") and b"</svg>" in (
        tmp_path / "agreement/ratings.svg"
    ).read_bytes()

    made = draft(
        trainer,
        tmp_path,
        own,
        "--method",
        "blend",
        "--model",
        "kosovo-15-15",
        "--worth",
        4,
    )
    assert (
        made.code == 0
        and f"{NEXT}: unsigned" in made.out
        and f"weights differ from {own.weights_in_force}" in " ".join(made.out.split())
    )
    seen = trainer("impact", NEXT, "-n", 300, "-o", tmp_path / "impact.json")
    assert (
        seen.code == 0 and "World base" not in seen.out and "World guarded: 300 cases" in seen.out
    ), "the card was trained on base"
    written = json.loads((tmp_path / "impact.json").read_text(encoding="utf-8"))
    assert {w["world"] for w in written["worlds"]} == set(world_ids(own)) - {
        "base",
        *load_weights(own).worlds,
    }
    assert f"What differs: {len(written['changes'])}" in seen.out and written["changes"]

    keys(trainer, tmp_path)
    assert "half-signed; 1 more must sign" in signed(trainer, tmp_path, "arta").out
    cases = tmp_path / "cases.csv"
    cases.write_text("case_id,age,daily_quota\nA,9,yes\n", encoding="utf-8")
    half = cli("score", cases, "--weights", NEXT, "--checklist", own.folder)
    assert half.code == 2 and "[K151]" in half.err and half.out == ""
    assert "signed by Arta, Besa" in signed(trainer, tmp_path, "besa").out
    active = trainer(
        "activate", NEXT, "--key", tmp_path / "besa.key", "--reason", REASON, typed=(WORDS,)
    )
    _, entries = activations(own.folder)
    assert (
        active.code == 0
        and head(entries) in active.out
        and (entries[-1].by, entries[-1].reason) == ("besa", REASON)
    )

    scored = cli("score", cases, "--checklist", own.folder, "--format", "json")
    result = json.loads(scored.out)[0]
    assert result["weights"] == {
        "id": NEXT,
        "sha256": load_weights(own, NEXT).sha256,
        "standing": "signed by Arta, Besa",
    }
    assert (
        "signed by Arta, Besa"
        in cli("explain", cases, "--case", "A", "--checklist", own.folder).out
    )
    assert (
        f"weights in force: {NEXT} (signed by Arta, Besa)"
        in cli("checklist", "show", own.folder).out
    )
    shown = trainer("status")
    assert (
        re.search(rf"{NEXT} +signed by Arta, Besa +in force +2028-01-15", shown.out)
        and REASON in " ".join(shown.out.split())
        and head(entries) in shown.out
    )


def test_a_set_past_its_re_check_is_refused_where_it_is_chosen_and_warned_of_where_it_is_in_force(
    trainer, cli, own, tmp_path
):
    draft(trainer, tmp_path, own)
    keys(trainer, tmp_path)
    for name in ("arta", "besa"):
        signed(trainer, tmp_path, name)
    cases = tmp_path / "cases.csv"
    cases.write_text("case_id,age,daily_quota\nA,9,yes\n", encoding="utf-8")
    late = cli("score", cases, "--weights", NEXT, "--checklist", own.folder, "--on", "2028-01-16")
    assert (
        late.code == 2 and "was due for review by 2028-01-15" in late.err and "[K152]" in late.err
    )
    assert (
        cli("score", cases, "--weights", NEXT, "--checklist", own.folder, "--on", "2028-01-15").code
        == 0
    ), "an old result can be made again"
    refused = trainer(
        "activate",
        NEXT,
        "--key",
        tmp_path / "arta.key",
        "--reason",
        REASON,
        "--on",
        "2028-02-01",
        typed=(WORDS,),
    )
    assert refused.code == 2 and "[U305]" in refused.err
    trainer("activate", NEXT, "--key", tmp_path / "arta.key", "--reason", REASON, typed=(WORDS,))
    used = cli("score", cases, "--checklist", own.folder, "--on", "2028-01-16")
    assert used.code == 0 and "it is still used: tell the trainers" in used.err
    assert "past its re-check" in trainer("status", "--on", "2028-01-16").out


def test_a_key_is_opened_only_by_its_passphrase_and_is_no_case_file(trainer, own, tmp_path):
    draft(trainer, tmp_path, own)
    keys(trainer, tmp_path)
    sign = partial(trainer, "sign", NEXT, "--override", OVERRIDE)
    wrong = sign("--key", tmp_path / "arta.key", typed=("other words of enough letters",))
    assert wrong.code == 2 and "[U311]" in wrong.err
    content = bytearray((tmp_path / "arta.key").read_bytes())
    content[-40] ^= 1
    (tmp_path / "hurt.key").write_bytes(bytes(content))
    assert "[U312]" in sign("--key", tmp_path / "hurt.key", typed=(WORDS,)).err
    assert b"private" not in content and (tmp_path / "arta.key").stat().st_mode & 0o777 == 0o600
    from screening.casebook.sealed import open_sealed, seal

    with pytest.raises(Exception, match="U312"):
        open_sealed((tmp_path / "arta.key").read_bytes(), WORDS)
    (tmp_path / "case.key").write_bytes(seal({"case": 1}, WORDS))
    assert "[U312]" in sign("--key", tmp_path / "case.key", typed=(WORDS,)).err
    assert "[U311]" in sign("--key", tmp_path / "arta.key").err, "no passphrase at all"
    assert "[U301]" in sign("--key", tmp_path / "none.key", typed=(WORDS,)).err


def test_a_set_that_loses_a_held_out_child_is_signed_only_with_a_reason(trainer, own, tmp_path):
    limits = tmp_path / "limits.csv"
    weights = load_weights(own)
    limits.write_text(
        "indicator,profile,low,high\n"
        + "".join(
            f"{i},child,0,0\n"
            for i, n in weights.points["child"].items()
            if n and own.indicators[i].dimension in ("exploitation_begging", "control_coercion")
        ),
        encoding="utf-8",
    )
    assert draft(trainer, tmp_path, own, "--bounds", limits).code == 0
    keys(trainer, tmp_path)
    seen = trainer("impact", NEXT, "-n", 300)
    assert "a held-out child forced to beg, falls to look further" in seen.out
    refused = trainer("sign", NEXT, "--key", tmp_path / "arta.key", typed=(WORDS,))
    assert refused.code == 2 and "[K156]" in refused.err
    child = re.search(r"[SB]-\d\d", refused.err)
    assert child is not None
    short = trainer(
        "sign", NEXT, "--key", tmp_path / "arta.key", "--override", "because", typed=(WORDS,)
    )
    assert short.code == 2 and "[U305]" in short.err
    done = trainer(
        "sign",
        NEXT,
        "--key",
        tmp_path / "arta.key",
        "--override",
        "A trial for one week, agreed with the coordinator.",
        typed=(WORDS,),
    )
    assert (
        done.code == 0 and "half-signed" in done.out and f"signed although {child[0]}" in done.err
    )
    assert load_weights(own, NEXT, draft=True).override.startswith("A trial for one week")
    assert "signed against a held-out child" in trainer("status").out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("forms", "-o", "{}/f"), "U305"),
        (("agreement", "{}/ratings.csv", "--draws", "5"), "U305"),
        (("agreement", "{}/none.csv"), "U301"),
        (
            (
                "weights",
                "-o",
                "2026-12-03-x",
                "--title",
                "t",
                "--author",
                "a",
                "--recheck-by",
                "2028-01-01",
            ),
            "U305",
        ),
        (
            (
                "weights",
                "{}/ratings.csv",
                "-o",
                "x",
                "--title",
                "t",
                "--author",
                "a",
                "--recheck-by",
                "2028-01-01",
            ),
            "K112",
        ),
        (
            (
                "weights",
                "{}/ratings.csv",
                "-o",
                "2026-11-23-published-strength",
                "--title",
                "t",
                "--author",
                "a",
                "--recheck-by",
                "2028-01-01",
            ),
            "U302",
        ),
        (
            (
                "weights",
                "{}/ratings.csv",
                "-o",
                "2026-12-03-x",
                "--title",
                "t",
                "--author",
                "a",
                "--recheck-by",
                "2020-01-01",
            ),
            "K133",
        ),
        (
            (
                "weights",
                "{}/ratings.csv",
                "-o",
                "2026-12-03-x",
                "--title",
                "t",
                "--author",
                "a",
                "--recheck-by",
                "2028-01-01",
                "--bounds",
                "{}/ratings.csv",
            ),
            "K157",
        ),
        (("impact", "none"), "K110"),
        (("impact", "2026-11-23-published-strength", "-n", "1"), "U305"),
        (("thresholds", "--recall", "2"), "U305"),
        (("register", "Arta!", "--key", "x", "--name", "A", "--role", "t"), "K107"),
        (("register", "arta", "--key", "x", "--name", "A", "--role", "t"), "K107"),
        (("sign", "none", "--key", "k"), "K110"),
        (("activate", "none", "--key", "k", "--reason", "r"), "K110"),
        (("forms", "-o", "{}", "--raters", "1"), "U302"),
        (("ratings", "{}/ratings.csv", "-o", "{}/ratings.csv"), "U302"),
        (("agreement", "{}/ratings.csv", "--set", "none"), "K110"),
        (("forms", "-o", "{}/f", "--name", "A\udcff"), "U305"),
        (("forms", "-o", "{}/f", "--raters", "2", "--seed", "-1"), "U305"),
        (("agreement", "{}/ratings.csv", "--seed", str(2**32)), "U305"),
        (("thresholds", "--seed", "-1"), "U305"),
        (("impact", "2026-11-23-published-strength", "--seed", "-1"), "U305"),
        (
            (
                "weights",
                "{}/ratings.csv",
                "-o",
                "2026-12-03-x",
                "--title",
                "t",
                "--author",
                "a",
                "--recheck-by",
                "2028-01-01",
                "--seed",
                "-1",
            ),
            "U305",
        ),
        (
            (
                "weights",
                "{}/ratings.csv",
                "-o",
                "2026-12-03-x",
                "--title",
                "t",
                "--author",
                "a",
                "--recheck-by",
                "2028-01-01",
                "--worth",
                "1001",
            ),
            "U305",
        ),
    ],
)
def test_a_call_that_cannot_be_is_one_plain_line(arguments, code, trainer, own, tmp_path):
    write_ratings(rated(own, 3), tmp_path / "ratings.csv")
    before = weight_set_ids(own)
    ran = trainer(*(a.format(tmp_path) for a in arguments))
    assert ran.code == 2 and f"[{code}]" in ran.err and ran.err.count("\n") == 1, ran.err
    assert weight_set_ids(own) == before, "nothing was written"
    assert not (tmp_path / "f").exists(), "no folder is left behind"


def test_past_cases_are_counts_and_nobody_is_named(trainer, own, tmp_path):
    draft(trainer, tmp_path, own)
    path = tmp_path / "past.csv"
    path.write_text(
        "case_id,age,daily_quota\n"
        + "".join(f"Person-{n},9,{'yes' if n % 2 else 'no'}\n" for n in range(30))
        + "Odd-one,40,yes\n",
        encoding="utf-8",
    )
    seen = trainer(
        "impact", NEXT, "-n", 100, "--file", path, "-o", tmp_path / "i.json", "--sensitivity"
    )
    assert (
        "One weight by one point" in seen.out
        and "All together, each by one point or none, 30 times" in " ".join(seen.out.split())
    )
    data = json.loads((tmp_path / "i.json").read_text(encoding="utf-8"))
    assert len(data["sensitivity"]) > 200 and data["all_together"]["draws"] == 30
    assert seen.code == 0 and "Past cases, counts only" in seen.out and "Person-" not in seen.out
    counts = json.loads((tmp_path / "i.json").read_text(encoding="utf-8"))["past_cases"]
    assert all(c is None or c == 0 or c >= 10 for row in counts for c in row)


def test_thresholds_say_what_points_alone_would_find(trainer):
    ran = trainer("thresholds", "-n", 800, "--recall", 0.5)
    assert (
        ran.code == 0
        and "World guarded: 800 cases" in ran.out
        and re.search(r"child: \d+ points or less find 50%|child: no number of points", ran.out)
    )


def test_a_list_without_vignettes_is_asked_for_its_signs_alone(cli, tmp_path):
    made = cli(
        "calibrate",
        "forms",
        "-o",
        tmp_path / "f",
        "--raters",
        2,
        "--format",
        "csv",
        "--checklist",
        "kosovo-street",
    )
    assert (
        made.code == 0
        and "13 signs and no vignettes: the list kosovo-street has none made for teaching"
        in made.out
    )
    for path in (tmp_path / "f").glob("form-*.csv"):
        head, first, *rest = path.read_text(encoding="utf-8-sig").splitlines()
        assert all(",strength," in line for line in (first, *rest))
        path.write_text(
            "\n".join((head, first.replace(",adult,,", ",adult,strong,"))), encoding="utf-8"
        )
    taken = cli(
        "calibrate",
        "agreement",
        *(tmp_path / "f").glob("form-*.csv"),
        "--checklist",
        "kosovo-street",
        "--draws",
        100,
    )
    assert taken.code == 0 and "Agreement of 2 raters" in taken.out


def test_files_in_an_old_encoding_are_read_where_it_is_declared(trainer, own, tmp_path):
    form = rated(own, 2)
    path, limits = tmp_path / "ratings.csv", tmp_path / "limits.csv"
    write_ratings(form, path)
    path.write_bytes(path.read_bytes().replace(b"value", "value,note-š".encode("cp1250"), 1))
    limits.write_bytes("indicator,low,high\nš,1,2\n".encode("cp1250"))
    one = trainer("ratings", path, "-o", tmp_path / "out.csv")
    assert one.code == 2 and "--encoding" in one.err and "[C203]" in one.err
    for call in (
        ("ratings", path, "-o", tmp_path / "out.csv"),
        ("agreement", path, "--draws", 100),
        ("forms", "-o", tmp_path / "two", "--before", path),
    ):
        assert trainer(*call, "--encoding", "cp1250").code == 0
    drafted = (
        "weights",
        path,
        "-o",
        NEXT,
        "--title",
        "t",
        "--author",
        "a",
        "--recheck-by",
        "2028-01-01",
        "--bounds",
        limits,
        "--encoding",
        "cp1250",
    )
    assert "row 2: 'š' is not a weighted sign" in trainer(*drafted).err
