"""The commands and their options.

Bodies import what they need when they run: a cold start loads no table library.
"""

from __future__ import annotations

from copy import copy
from datetime import datetime
from enum import StrEnum
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from screening.checklist.loader import DEFAULT_LIST
from screening.cli import checklists
from screening.cli.options import SOURCE, AsOf, Card, Encoding, Lang, List_, Overwrite, Weights

__all__ = ["build"]


class ScoreFormat(StrEnum):
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"
    ARROW = "arrow"
    TABLE = "table"


class ListFormat(StrEnum):
    TABLE = "table"
    JSON = "json"
    CSV = "csv"


On = Annotated[
    datetime | None,
    typer.Option(
        "--on",
        formats=["%Y-%m-%d"],
        metavar="YYYY-MM-DD",
        help="Count days as of this date; without it, today.",
    ),
]

app = typer.Typer(
    name="screening",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(checklists.app, name="checklist")

BRANCHES = {
    "calibrate": (
        "Weights that people stand for: forms, ratings, agreement, weights, thresholds, impact,"
        " signatures, what is in force.",
        {
            "forms": "calibrate.ratings:forms",
            "ratings": "calibrate.ratings:ratings",
            "agreement": "calibrate.ratings:agreement",
            "weights": "calibrate.weights:weights",
            "thresholds": "calibrate.weights:thresholds",
            "impact": "calibrate.impact:impact",
            "key": "calibrate.signing:key",
            "register": "calibrate.signing:register",
            "sign": "calibrate.signing:sign",
            "activate": "calibrate.signing:activate",
            "status": "calibrate.signing:status",
        },
    ),
}
for name, (help_, commands) in BRANCHES.items():
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=help_)
    for command, place in commands.items():
        module, function = place.split(":")
        group.command(command)(getattr(import_module(f"screening.cli.{module}"), function))
    app.add_typer(group, name=name)


def build(named: str = "") -> Any:
    """The command tree; only the branch that is named where one is, which starts quicker."""
    branch = copy(app)
    branch.registered_commands = [
        c
        for c in app.registered_commands
        if c.name == named or getattr(c.callback, "__name__", "") == named
    ]
    branch.registered_groups = []
    return typer.main.get_command(branch if branch.registered_commands else app)


def _version(wanted: bool) -> None:
    if wanted:
        from screening import __version__

        typer.echo(f"screening {__version__}")
        raise typer.Exit


@app.callback()
def screening(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Weighted, explained screening for victims of trafficking in human beings.

    It shows what was found, what is unknown, how far the finding could still move, and what to do
    next. It never decides: a person does.
    """


@app.command()
def demo(lang: Lang = SOURCE) -> None:
    """Score the bundled invented cases, print the work list, explain one case, and show what
    practice would have missed.

    Example: screening demo --lang sq
    """
    from screening.cli import demo as body

    body.demo(lang)


@app.command()
def score(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...", help="CSV, XLSX, Parquet, Arrow or JSON; '-' is not read."
        ),
    ],
    checklist: List_ = DEFAULT_LIST,
    weights: Weights = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            help="Write to this file, whole or not at all; never over an existing one.",
        ),
    ] = None,
    format_: Annotated[
        ScoreFormat | None,
        typer.Option("--format", help="Without it: from OUT's name, else a table on the screen."),
    ] = None,
    lang: Lang = SOURCE,
    encoding: Encoding = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="NAME",
            help="Read another organisation's table through a mapping of the list, such as ctdc.",
        ),
    ] = None,
    means_only: Annotated[
        bool,
        typer.Option(
            "--ctdc-means-only", help="With --from: leave the recorded form of exploitation out."
        ),
    ] = False,
    model: Card = None,
    on: AsOf = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace OUT if it exists.")
    ] = False,
) -> None:
    """Score tables of cases: rows in = rows out, in the same order, nobody dropped.

    Example: screening score cases.xlsx -o scored.xlsx
    """
    from screening.cli import score as body

    body.score(
        files,
        checklist,
        weights,
        output,
        format_.value if format_ else None,
        lang,
        encoding,
        source,
        means_only,
        overwrite,
        model,
        on.date() if on else None,
    )


@app.command()
def explain(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file of cases.")],
    case: Annotated[str, typer.Option("--case", metavar="ID", help="Which case.")],
    checklist: List_ = DEFAULT_LIST,
    weights: Weights = None,
    lang: Lang = SOURCE,
    encoding: Encoding = None,
    model: Card = None,
    on: AsOf = None,
    everything: Annotated[bool, typer.Option("--all", help="Show every open question.")] = False,
) -> None:
    """One case in words: finding, range, reasons, what is open, what to do next and on what
    authority.

    Example: screening explain cases.json --case OP-22-05-03 --lang sq
    """
    from screening.cli import score as body

    body.explain(
        file,
        case,
        checklist,
        weights,
        lang,
        encoding,
        everything,
        model,
        on.date() if on else None,
    )


@app.command()
def triage(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="A file of cases; a column met_on (YYYY-MM-DD) gives the days waiting.",
        ),
    ],
    checklist: List_ = DEFAULT_LIST,
    weights: Weights = None,
    lang: Lang = SOURCE,
    encoding: Encoding = None,
    on: On = None,
    format_: Annotated[ListFormat, typer.Option("--format")] = ListFormat.TABLE,
) -> None:
    """The work list: who first, why, what is due, what to ask next. Everybody stays on it.

    Example: screening triage cases.csv --on 2026-11-23
    """
    from screening.cli import score as body

    body.triage(file, checklist, weights, lang, encoding, on.date() if on else None, format_.value)


@app.command()
def interview(
    lang: Lang = SOURCE,
    child: Annotated[
        bool,
        typer.Option(
            "--child",
            help="The person is, or may be, a child whose age nobody knows: the age is not asked.",
        ),
    ] = False,
    checklist: List_ = DEFAULT_LIST,
    weights: Weights = None,
    case: Annotated[
        str | None,
        typer.Option(
            "--case", metavar="ID", help="Case number, no name; without it, one is made up."
        ),
    ] = None,
    model: Card = None,
    opened: Annotated[
        Path | None,
        typer.Option("--open", metavar="FILE", help="Go on with a case from its encrypted file."),
    ] = None,
    saved: Annotated[
        Path | None,
        typer.Option("--save", metavar="FILE", help="Suggest this name for the encrypted file."),
    ] = None,
) -> None:
    """The guided interview in the terminal, line by line; keeps cases in encrypted files only.

    Saving needs screening[web].

    Example: screening interview --lang sr --child
    """
    from screening.cli import interview as body

    body.interview(checklist, weights, lang, child, case, model, opened, saved)


@app.command()
def serve(
    port: Annotated[
        int,
        typer.Option("--port", min=0, max=65535, help="Port on this machine; 0 takes a free one."),
    ] = 0,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Only print the address.")
    ] = False,
    lang: Lang = SOURCE,
    checklist: List_ = DEFAULT_LIST,
    weights: Weights = None,
    model: Card = None,
    api: Annotated[
        bool, typer.Option("--api", help="Also print the token with which programs may use /api.")
    ] = False,
    trainer: Annotated[
        bool,
        typer.Option(
            "--trainer",
            help="The trainer's pages instead; no case is near them. Needs screening[trainer].",
        ),
    ] = False,
) -> None:
    """The interview in the browser, on this machine only.

    Prints one address; its token works once. Needs screening[web].

    Example: screening serve --lang sq
    """
    from screening.cli import serve as body

    body.serve(port, not no_browser, lang, checklist, weights, model, api, trainer)


@app.command("train-officer")
def train_officer(
    set_: Annotated[
        str | None,
        typer.Option(
            "--set",
            metavar="NAME",
            help="Set of vignettes; without it you choose, or the first is taken.",
        ),
    ] = None,
    lang: Lang = SOURCE,
    opened: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="Go on with a kept course; it is kept there again unless --keep says where.",
        ),
    ] = None,
    keep: Annotated[
        Path | None,
        typer.Option(
            "--keep",
            metavar="FILE",
            help="Keep the course in this JSON file, after every vignette and when you stop.",
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report",
            metavar="OUT",
            help="Write the course report at the end: .json, .csv or .html.",
        ),
    ] = None,
    code: Annotated[
        str | None,
        typer.Option(
            "--code",
            metavar="CODE",
            help="Code of the course, no name; without it, one is made up.",
        ),
    ] = None,
    checklist: List_ = DEFAULT_LIST,
    weights: Weights = None,
    together: Annotated[
        list[Path] | None,
        typer.Option(
            "--together",
            metavar="FILE",
            help=(
                "Begin no course: put these reports (.json) into one table, OUT (.csv or .json);"
                " may be "
                "given again. Counts over officers, no names."
            ),
        ),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace FILE and OUT if they exist.")
    ] = False,
) -> None:
    """A course on invented cases: judge, record, and see the first difference from the key and why
    it matters.

    Example: screening train-officer --set on-the-street --keep course.json --lang sq
    """
    from screening.cli import course as body

    if together:
        return body.put_together(checklist, lang, together, report, overwrite)
    body.train_officer(checklist, weights, lang, set_, opened, keep, report, code, overwrite)


World_ = Annotated[str, typer.Option("--world", metavar="ID", help="World of the list.")]
Seed = Annotated[int, typer.Option("--seed", help="The same seed gives the same cases.")]


@app.command()
def synth(
    checklist: List_ = DEFAULT_LIST,
    world: World_ = "base",
    n: Annotated[int, typer.Option("--cases", "-n", help="How many.")] = 1000,
    seed: Seed = 1,
    prevalence: Annotated[
        float | None,
        typer.Option("--prevalence", help="Share that is exploited; without it, the world's own."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            help="Parquet, Arrow, CSV or XLSX. The truth stands in columns truth_*.",
        ),
    ] = None,
    format_: Annotated[
        ScoreFormat | None, typer.Option("--format", help="Without it: from OUT's name.")
    ] = None,
    distances: Annotated[
        bool,
        typer.Option("--distances", help="Print how far the world lies from what was counted."),
    ] = False,
    overwrite: Overwrite = False,
) -> None:
    """Invented cases of a declared world, for tests and teaching.

    Without --output and --distances: list the worlds.

    Example: screening synth --world guarded -n 5000 -o guarded.parquet
    """
    from screening.cli import learn as body

    body.synth(
        checklist,
        world,
        n,
        seed,
        prevalence,
        output,
        format_.value if format_ else None,
        distances,
        overwrite,
    )


@app.command()
def train(
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="FOLDER",
            help="Folder of the card; its name is the card's id.",
        ),
    ],
    checklist: List_ = DEFAULT_LIST,
    world: World_ = "base",
    n: Annotated[int, typer.Option("--cases", "-n", help="Invented cases to learn from.")] = 40_000,
    seed: Seed = 1,
    items: Annotated[int, typer.Option("--items", help="Items on the card at most.")] = 15,
    title: Annotated[str | None, typer.Option("--title", help="Title of the card.")] = None,
    test_cases: Annotated[
        int, typer.Option("--test-cases", help="Fresh cases of every world to measure it on.")
    ] = 40_000,
    pool: Annotated[
        int, typer.Option("--pool", help="How many near-equal cards to name beside it.")
    ] = 5,
    begging_weight: Annotated[
        float,
        typer.Option(
            "--begging-weight", help="How often each forced-begging child counts in the search."
        ),
    ] = 3.0,
    overwrite: Overwrite = False,
) -> None:
    """Learn a card of few signs and whole points from invented cases, measure it in every world,
    write its page.

    Needs screening[ml].

    Example: screening train -o my-card --items 12
    """
    from screening.cli import learn as body

    body.train(
        checklist, output, world, n, seed, items, title, test_cases, pool, begging_weight, overwrite
    )


@app.command()
def evaluate(
    model: Annotated[
        str,
        typer.Option("--model", metavar="ID", help="Card: a bundled id, a folder or a model.json."),
    ],
    checklist: List_ = DEFAULT_LIST,
    worlds: Annotated[
        list[str] | None,
        typer.Option("--world", metavar="ID", help="World; may be given again. Without it, all."),
    ] = None,
    compare: Annotated[
        bool,
        typer.Option(
            "--compare",
            help=(
                "Also train logistic regression, EBM and gradient boosting beside it. Needs"
                " screening[ml,compare]."
            ),
        ),
    ] = False,
    n: Annotated[int, typer.Option("--cases", "-n", help="Cases of each world.")] = 40_000,
    seed: Seed = 2,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FOLDER",
            help="Write results.json and pictures here. Needs screening[ml].",
        ),
    ] = None,
    thresholds: Annotated[
        list[int] | None,
        typer.Option(
            "--threshold",
            metavar="POINTS",
            help="Also tell who is found from so many points on; may be given again.",
        ),
    ] = None,
    overwrite: Overwrite = False,
) -> None:
    """A card beside practice, lists and other ways of screening, on invented cases: who is found
    and who is missed.

    Example: screening evaluate --model kosovo-begging-child-15 --world guarded
    """
    from screening.cli import learn as body

    body.evaluate(
        checklist, model, worlds or [], compare, n, seed, output, thresholds or [], overwrite
    )
