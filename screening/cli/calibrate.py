"""`screening calibrate ...`: from ratings to a signed set of weights in force, step by step.

Bodies are in `bench` and `sign`.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from screening.checklist.loader import DEFAULT_LIST

__all__ = ["app"]

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help=(
        "Weights that people stand for: forms, ratings, agreement, weights, thresholds, impact,"
        " signatures, what is in force."
    ),
)


class FormKind(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"


class How(StrEnum):
    """ratings: what people say; card: what a card says; blend: both."""

    RATINGS = "ratings"
    CARD = "card"
    BLEND = "blend"


class FormLanguage(StrEnum):
    EN = "en"
    SQ = "sq"
    SR = "sr"
    SR_CYRL = "sr-Cyrl"


Day = Annotated[
    datetime | None,
    typer.Option(
        "--on",
        formats=["%Y-%m-%d"],
        metavar="YYYY-MM-DD",
        help="As of this day; without it, today.",
    ),
]
List_ = Annotated[
    str, typer.Option("--checklist", metavar="ID", help="List: a bundled id or a folder.")
]
Sets = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME",
        help="Set of vignettes; may be given again. Without it, those made for teaching.",
    ),
]
MOST_SEED = 2**32 - 1
Seed = Annotated[
    int, typer.Option("--seed", min=0, max=MOST_SEED, help="The same seed gives the same.")
]
Encoding = Annotated[
    str | None,
    typer.Option(
        "--encoding", help="Encoding of a CSV that is not UTF-8, such as cp1250, cp1251 or utf-16."
    ),
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace what exists.")]
Ratings = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILE...",
        help="Forms that came back (.xlsx, .csv), or a file that 'calibrate ratings' wrote.",
    ),
]
Set_ = Annotated[
    str, typer.Argument(metavar="WEIGHTS", help="A weight set: an id beside the list, or a file.")
]
KeyFile = Annotated[
    Path, typer.Option("--key", metavar="FILE", help="Your signing key; its passphrase is asked.")
]


def _day(on: datetime | None) -> date:
    return on.date() if on else date.today()


@app.command()
def forms(
    folder: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="FOLDER",
            help="A new folder: a form for each person, and register.csv with who has which code.",
        ),
    ],
    names: Annotated[
        list[str] | None,
        typer.Option("--name", metavar="NAME", help="Somebody to ask; may be given again."),
    ] = None,
    raters: Annotated[int, typer.Option("--raters", help="Without names: so many forms.")] = 0,
    before: Annotated[
        Path | None,
        typer.Option(
            "--before",
            metavar="FILE",
            help="Ratings of the first round: makes forms of the second, with what the group said.",
        ),
    ] = None,
    checklist: List_ = DEFAULT_LIST,
    sets: Sets = None,
    kind: Annotated[
        FormKind,
        typer.Option("--format", help="xlsx has lists to choose from; csv has one line a rating."),
    ] = FormKind.XLSX,
    lang: Annotated[
        FormLanguage, typer.Option("--lang", help="Language of signs and stories.")
    ] = FormLanguage.EN,
    seed: Annotated[
        int | None,
        typer.Option(
            "--seed",
            min=0,
            max=MOST_SEED,
            help="Makes the same codes again; without it, codes that nobody can foresee.",
        ),
    ] = None,
    encoding: Encoding = None,
) -> None:
    """Forms in which experts rate how telling each sign is and code vignettes blind.

    Held-out vignettes are never put.

    Example: screening calibrate forms -o round-1 --raters 12
    """
    from screening.cli import bench

    bench.forms(
        folder,
        names or [],
        raters,
        before,
        checklist,
        sets or [],
        kind.value,
        lang.value,
        seed,
        encoding,
    )


@app.command()
def ratings(
    files: Ratings,
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="OUT", help="One CSV with all ratings: codes, no names."
        ),
    ],
    checklist: List_ = DEFAULT_LIST,
    sets: Sets = None,
    encoding: Encoding = None,
    overwrite: Overwrite = False,
) -> None:
    """Take forms in: every cell is checked, and one file of ratings is written.

    Example: screening calibrate ratings round-1/form-*.xlsx -o ratings.csv
    """
    from screening.cli import bench

    bench.ratings(files, output, checklist, sets or [], overwrite, encoding)


@app.command()
def agreement(
    files: Ratings,
    checklist: List_ = DEFAULT_LIST,
    sets: Sets = None,
    draws: Annotated[
        int, typer.Option("--draws", help="Bootstrap draws behind each interval.")
    ] = 1000,
    seed: Seed = 1,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FOLDER",
            help="Also write agreement.json and pictures here (pictures need screening[ml]).",
        ),
    ] = None,
    encoding: Encoding = None,
    overwrite: Overwrite = False,
) -> None:
    """How far the raters agree: over all, sign by sign, rater by rater, with intervals.

    Needs screening[trainer].

    Example: screening calibrate agreement ratings.csv
    """
    from screening.cli import bench

    bench.agreement(files, checklist, sets or [], draws, seed, output, overwrite, encoding)


@app.command()
def weights(
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="ID",
            help=(
                "Id of the new set, a date and a word (2027-01-15-trainers), or a file of that"
                " name."
            ),
        ),
    ],
    title: Annotated[str, typer.Option("--title", help="What this set is, in one line.")],
    authors: Annotated[
        list[str],
        typer.Option("--author", metavar="NAME", help="Who answers for it; may be given again."),
    ],
    recheck_by: Annotated[
        datetime,
        typer.Option(
            "--recheck-by",
            formats=["%Y-%m-%d"],
            metavar="YYYY-MM-DD",
            help="The day by which people must look at it again.",
        ),
    ],
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE...]", help="Ratings.")
    ] = None,
    method: Annotated[
        How, typer.Option("--method", help="From ratings, from a card, or from both.")
    ] = How.RATINGS,
    model: Annotated[str | None, typer.Option("--model", metavar="ID", help="The card.")] = None,
    worth: Annotated[
        float,
        typer.Option(
            "--worth", min=0, max=1000, help="With blend: for how many raters the card counts."
        ),
    ] = 0.0,
    bounds: Annotated[
        Path | None,
        typer.Option(
            "--bounds",
            metavar="CSV",
            help="Limits: columns indicator, profile (blank: every one), low, high.",
        ),
    ] = None,
    valid_from: Annotated[
        datetime | None,
        typer.Option(
            "--valid-from", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Without it, today."
        ),
    ] = None,
    note: Annotated[
        str, typer.Option("--evidence", help="What else it rests on, to be written beside.")
    ] = "",
    draws: Annotated[int, typer.Option("--draws", help="Plausible sets to keep with it.")] = 40,
    seed: Seed = 1,
    before: Annotated[
        str | None,
        typer.Option(
            "--before", metavar="ID", help="The set it departs from; without it, the one in force."
        ),
    ] = None,
    checklist: List_ = DEFAULT_LIST,
    sets: Sets = None,
    encoding: Encoding = None,
) -> None:
    """Propose a new dated set, unsigned: consensus of ratings, a card's points, or both with a
    stated blend.

    Example: screening calibrate weights ratings.csv -o 2027-01-15-trainers --title "Twelve
    trainers" --author "A. Kola" --recheck-by 2028-01-15
    """
    from screening.cli import bench

    bench.weights(
        files or [],
        output,
        title,
        authors,
        recheck_by.date(),
        method.value,
        model,
        worth,
        bounds,
        _day(valid_from),
        note,
        draws,
        seed,
        before,
        checklist,
        sets or [],
        encoding,
    )


@app.command()
def thresholds(
    weights: Annotated[
        str | None,
        typer.Option("--weights", metavar="ID", help="Weight set; without it, the one in force."),
    ] = None,
    recall: Annotated[
        float,
        typer.Option(
            "--recall", help="The least share to be found, by the lower end of its interval."
        ),
    ] = 0.90,
    n: Annotated[int, typer.Option("--cases", "-n", help="Invented cases of each world.")] = 40_000,
    seed: Seed = 3,
    checklist: List_ = DEFAULT_LIST,
) -> None:
    """From how many points a referral by points alone would find this share, and whom it would not
    spare, world by world.

    Example: screening calibrate thresholds --recall 0.85
    """
    from screening.cli import bench

    bench.thresholds(weights, recall, n, seed, checklist)


@app.command()
def impact(
    after: Set_,
    before: Annotated[
        str | None,
        typer.Option(
            "--before", metavar="ID", help="Compare with this set; without it, the one in force."
        ),
    ] = None,
    cases: Annotated[
        list[Path] | None,
        typer.Option(
            "--file",
            metavar="FILE",
            help="Past cases: counts only, small ones hidden; may be given again.",
        ),
    ] = None,
    n: Annotated[int, typer.Option("--cases", "-n", help="Invented cases of each world.")] = 40_000,
    seed: Seed = 3,
    sensitive: Annotated[
        bool,
        typer.Option(
            "--sensitivity",
            help="Also move every weight by one point, one at a time and all together.",
        ),
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Also write everything as JSON."),
    ] = None,
    checklist: List_ = DEFAULT_LIST,
    overwrite: Overwrite = False,
) -> None:
    """Whose finding a new set changes: vignettes, invented cases by subgroup, past cases.

    On worlds that set neither set.

    Example: screening calibrate impact 2027-01-15-trainers
    """
    from screening.cli import bench

    bench.impact(after, before, cases or [], n, seed, sensitive, output, checklist, overwrite)


@app.command()
def key(
    person: Annotated[
        str, typer.Argument(metavar="ID", help="Your id as a signer, such as arta-kola.")
    ],
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="The encrypted file for the key; a passphrase is asked.",
        ),
    ],
) -> None:
    """Make a signing key of your own.

    The file is yours alone; the line that is printed may be given to anybody.

    Example: screening calibrate key arta-kola -o arta.key
    """
    from screening.cli import sign as body

    body.key(person, output)


@app.command()
def register(
    person: Annotated[str, typer.Argument(metavar="ID", help="Id of the signer.")],
    public: Annotated[
        str,
        typer.Option(
            "--key", metavar="PUBLIC", help="The public key that 'calibrate key' printed."
        ),
    ],
    name: Annotated[str, typer.Option("--name", help="Who it is.")],
    role: Annotated[str, typer.Option("--role", help="What they are.")],
    since: Annotated[
        datetime | None,
        typer.Option(
            "--since",
            formats=["%Y-%m-%d"],
            metavar="YYYY-MM-DD",
            help="From this day on; without it, today.",
        ),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option("--until", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Until this day."),
    ] = None,
    checklist: List_ = DEFAULT_LIST,
) -> None:
    """Register somebody whose signature counts for this list.

    Check the key with the person, face to face.

    Example: screening calibrate register arta-kola --key 'AbC…=' --name 'Arta Kola' --role trainer
    """
    from screening.cli import sign as body

    body.register(
        person, public, name, role, _day(since), until.date() if until else None, checklist
    )


@app.command()
def sign(
    weights: Set_,
    key: KeyFile,
    override: Annotated[
        str,
        typer.Option(
            "--override",
            metavar="REASON",
            help="Why it is signed although a held-out child falls; written into the set for ever.",
        ),
    ] = "",
    on: Day = None,
    checklist: List_ = DEFAULT_LIST,
) -> None:
    """Stand behind a set with your signature. Two people are needed.

    Example: screening calibrate sign 2027-01-15-trainers --key arta.key
    """
    from screening.cli import sign as body

    body.sign(weights, key, override, _day(on), checklist)


@app.command()
def activate(
    weights: Annotated[
        str, typer.Argument(metavar="WEIGHTS", help="A signed set that lies beside the list.")
    ],
    key: KeyFile,
    reason: Annotated[
        str, typer.Option("--reason", help="Who decided, and why now; kept in the log.")
    ],
    on: Day = None,
    checklist: List_ = DEFAULT_LIST,
) -> None:
    """Put a signed set in force.

    The log keeps who did it, when and why; old results stay what they were.

    Example: screening calibrate activate 2027-01-15-trainers --key arta.key --reason 'Decision of
    the trainers of 15 January'
    """
    from screening.cli import sign as body

    body.activate(weights, key, reason, _day(on), checklist)


@app.command()
def status(on: Day = None, checklist: List_ = DEFAULT_LIST) -> None:
    """Every weight set of a list: who signed it, which is in force since when, what is due to be
    looked at again.

    Example: screening calibrate status
    """
    from screening.cli import sign as body

    body.status(_day(on), checklist)
