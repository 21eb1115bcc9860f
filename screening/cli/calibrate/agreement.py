"""`calibrate agreement`: how far raters agree, and what to talk about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from screening.checklist.loader import DEFAULT_LIST
from screening.checklist.texts import Texts
from screening.cli.calibrate.options import RatingFiles, Seed, Sets
from screening.cli.calibrate.ratings import form_of_list, read
from screening.cli.options import SOURCE, Encoding, Jobs, Lang, List_, Overwrite
from screening.cli.progress import progress
from screening.cli.terminal import columns, number, paragraph
from screening.errors import UsageError
from screening.i18n import Words, words

if TYPE_CHECKING:
    from screening.calibration.agreement import Agreement, OfIndicator, Spread, Stability

__all__ = ["agreement"]

_SHOWN = 8  # signs of a list that could go on


def agreement(
    files: RatingFiles,
    checklist: List_ = DEFAULT_LIST,
    sets: Sets = None,
    before: Annotated[
        list[Path] | None,
        typer.Option(
            "--before",
            metavar="FILE",
            help="Ratings of the round before, to show what moved. Can be repeated.",
        ),
    ] = None,
    draws: Annotated[
        int, typer.Option("--draws", help="Bootstrap draws for each interval.")
    ] = 1000,
    seed: Seed = 1,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FOLDER",
            help="Also write agreement.json and charts to this folder (charts need screening[ml]).",
        ),
    ] = None,
    jobs: Jobs = 1,
    lang: Lang = SOURCE,
    encoding: Encoding = None,
    overwrite: Overwrite = False,
) -> None:
    """Measure how far the raters agree: overall, by sign and by rater, with intervals.

    Intervals draw raters as well as signs. Needs screening[trainer].

    Example: screening calibrate agreement ratings.csv
    """
    from screening.calibration.agreement import agreement as measure
    from screening.calibration.agreement import stability

    loaded, _, form = form_of_list(checklist, sets or [])
    if not 100 <= draws <= 100_000:
        raise UsageError("U305.draws", place="--draws", draws=draws)
    found = read(files, form, encoding)
    moved = stability(read(before, form, encoding), found) if before else None
    with progress("signs") as tick:
        result = measure(found, draws, seed, tick, n_jobs=jobs)
    texts, say = loaded.texts(lang), words(lang)
    typer.secho(
        say(
            "Agreement of {raters} raters, round {round} ({draws} draws, seed {seed})",
            raters=result.raters,
            round=result.round,
            draws=draws,
            seed=seed,
        ),
        bold=True,
    )
    for line in _lines(result, texts, say):
        typer.echo(line)
    if moved is not None:
        for line in _moved(moved, texts, say):
            typer.echo(line)
    if output is not None:
        from screening.calibration.plots import draw_ratings, draw_signs
        from screening.calibration.report import agreement_json
        from screening.files.folder import write_folder

        files_ = {"agreement.json": agreement_json(result)}
        for kind in ("svg", "png"):
            files_ |= {
                f"signs.{kind}": draw_signs(result, texts.statement, kind),
                f"ratings.{kind}": draw_ratings(result, texts.statement, kind),
            }
        write_folder(output, files_, overwrite=overwrite)


def _title(text: str) -> str:
    return "\n" + typer.style(text, bold=True)


def _lines(result: Agreement, texts: Texts, say: Words) -> Iterator[str]:
    """Over all, then what to look at: unclear signs, raters apart, signs without consensus."""
    yield paragraph(
        say(
            "Agreement is not truth: people may agree on a mistake. Beside the ratings stand the"
            " vignettes' keys."
        )
    )
    yield ""
    yield from _overall(result, say)
    unclear = sorted((i for i in result.indicators if i.unclear), key=lambda i: i.coding.value)
    yield _title(
        f"{say('Often seen, and coded differently: look at their texts')} ({len(unclear)})"
    )
    yield _unclear(unclear, texts, say) if unclear else say("None.")
    yield from _raters(result, say)
    yield from _consensus(result, say)


def _overall(result: Agreement, say: Words) -> Iterator[str]:
    from screening.calibration.agreement import ABOUT

    yield columns(
        [
            (
                say(ABOUT[s.of]),
                say(s.name),
                number(s.value),
                f"{number(s.low)} {say('to')} {number(s.high)}",
                f"{s.units}",
            )
            for s in result.overall
        ],
        (say("of"), "", say("value"), "95 %", say("units")),
    )
    for note in dict.fromkeys(say(s.note, **s.facts) for s in result.overall if s.note):
        yield paragraph(f"Fleiss, ICC, W: {note}.", "", "  ")
    if result.scale is not None:
        yield paragraph(
            say(
                "Of all raters, {average} on average call a sign telling (medium or strong;"
                " S-CVI/Ave); all of them do for {all} of the signs (S-CVI/UA).",
                average=f"{100 * result.scale['average']:.0f} %",
                all=f"{100 * result.scale['all_agree']:.0f} %",
            )
        )


def _unclear(signs: list[OfIndicator], texts: Texts, say: Words) -> str:
    return columns(
        [
            (
                i.id,
                number(i.coding.value),
                f"{number(i.coding.low)} {say('to')} {number(i.coding.high)}",
                f"{100 * i.seen:.0f} %",
                f"{100 * i.right:.0f} %",
                texts.statement(i.id),
            )
            for i in signs
        ],
        (say("sign"), "alpha", "95 %", say("seen"), say("as key"), ""),
    )


def _raters(result: Agreement, say: Words) -> Iterator[str]:
    """Who differs, and what alpha is without them."""
    from screening.calibration.agreement import DIFFERS

    apart = [r for r in result.by_rater if r.differs]
    yield _title(f"{say('Raters who differ from the others, and surely so')} ({len(apart)})")
    if not apart:
        yield say("None.")
        return
    yield columns(
        [
            (
                r.rater,
                f"{r.level:+.2f}",
                f"{100 * r.yes:+.1f} %",
                number(r.key),
                number(r.without),
                "; ".join(say(DIFFERS[d]) for d in r.differs),
            )
            for r in apart
        ],
        (
            say("rater"),
            say("level"),
            say("signs"),
            say("kappa with key"),
            say("alpha without"),
            "",
        ),
    )


def _consensus(result: Agreement, say: Words) -> Iterator[str]:
    """Signs without consensus, the widest first."""
    from screening.calibration.agreement.spread import LEAST_FOR_CONSENSUS

    rated = [(i, p, s) for i in result.indicators for p, s in i.strength.items() if s.n]
    open_ = [x for x in rated if not x[2].consensus]
    if result.raters >= LEAST_FOR_CONSENSUS:
        yield _title(
            say(
                "No consensus yet: {n} of {all} ratings of signs (the middle half within one step,"
                " and three of four on one side)",
                n=len(open_),
                all=len(rated),
            )
        )
    else:
        yield _title(say("Rated most differently"))
    if not open_:
        yield say("None.")
        return
    widest = sorted(open_, key=lambda x: (x[2].low - x[2].high, x[2].one_side))[:_SHOWN]
    yield columns(
        [_spread(i.id, p, s, say) for i, p, s in widest],
        (say("sign"), "", say("none weak medium strong"), say("median"), say("telling")),
    )


def _spread(name: str, profile: str, s: Spread, say: Words) -> tuple[str, ...]:
    telling = f"{100 * sum(s.counts[2:]) / s.n:.0f} %"
    return name, say(profile), " ".join(map(str, s.counts)), f"{s.median:g}", telling


def _moved(moved: Stability, texts: Texts, say: Words) -> Iterator[str]:
    """What moved since the round before."""
    first, second = moved.rounds
    every = [m for by in moved.signs.values() for m in by.values()]
    yield _title(
        say(
            "From round {first} to round {second}: {n} people in both",
            first=first,
            second=second,
            n=moved.raters,
        )
    )
    yield paragraph(
        say(
            "Ratings that changed: {changed}. Consensus: {before} of {all} before, {after} now."
            " Stable (less than 15 % moved): {stable}.",
            changed=f"{100 * sum(m.changed for m in every) / len(every):.0f} %",
            before=sum(m.before.consensus for m in every),
            after=sum(m.after.consensus for m in every),
            stable=sum(m.stable for m in every),
            all=len(every),
        )
    )
    talk = moved.talk
    yield paragraph(
        say("Stable without consensus, so talk about them and do not ask again: {n}.", n=len(talk))
    )
    for name, profile in talk[:_SHOWN]:
        yield f"  {name}, {say(profile)}: {texts.statement(name)}"
