"""The tree of commands: each name, and the function that declares its options and does its work.

Only the branch that is named is imported, and bodies import heavy libraries when they run: a cold
start loads no table library.
"""

from __future__ import annotations

from importlib import import_module
from typing import Annotated, Any

import typer

__all__ = ["build"]

# module of this package : function
COMMANDS = {
    "demo": "demo:demo",
    "score": "score:score",
    "explain": "score:explain",
    "triage": "triage:triage",
    "letter": "letter:letter",
    "statistics": "statistics:statistics",
    "interview": "interview.command:interview",
    "serve": "serve:serve",
    "train-officer": "course.command:train_officer",
    "synth": "synth:synth",
    "train": "models:train",
    "evaluate": "models:evaluate",
}
GROUPS = {
    "checklist": (
        "Show, check, compare, import and export lists.",
        {
            "list": "checklists:list_",
            "show": "checklists:show",
            "lint": "checklists:lint",
            "diff": "checklists:diff",
            "export": "checklists:export_",
            "import": "checklists:import_",
        },
    ),
    "contacts": (
        "Whom to call: the numbers that your station fills in once, with who verified them.",
        {
            "show": "contacts:show",
            "set": "contacts:set_",
            "check": "contacts:check",
        },
    ),
    "export": (
        "Carry the list out of this program: the pocket edition for a phone.",
        {"pocket": "export:pocket"},
    ),
    "store": (
        "The casebook: make, check, back up, restore, erase. Cases in it are encrypted.",
        {
            "init": "store:init",
            "list": "store:list_",
            "verify": "store:verify",
            "backup": "store:backup",
            "restore": "store:restore",
            "import": "store:import_",
            "keep": "store:keep",
            "hold": "store:hold",
            "due": "store:due",
            "erase": "store:erase",
            "rekey": "store:rekey",
        },
    ),
    "case": (
        "One case of a casebook, over days: look, meet, act, hand over, refer, close.",
        {
            "show": "case.look:show",
            "find": "case.look:find",
            "week": "case.look:week",
            "import": "case.intake:import_",
            "meet": "case.work:meet",
            "correct": "case.work:correct",
            "done": "case.work:done",
            "postpone": "case.work:postpone",
            "note": "case.work:note",
            "assign": "case.people:assign",
            "accept": "case.people:accept",
            "handover": "case.people:handover",
            "link": "case.people:link",
            "close": "case.people:close",
            "refer": "case.offices:refer",
            "outcome": "case.offices:outcome",
        },
    ),
    "calibrate": (
        "From ratings to a signed weight set in force: forms, ratings, agreement, weights,"
        " thresholds, impact, signatures.",
        {
            "forms": "calibrate.ratings:forms",
            "ratings": "calibrate.ratings:ratings",
            "agreement": "calibrate.agreement:agreement",
            "readings": "calibrate.readings:readings",
            "weights": "calibrate.weights:weights",
            "thresholds": "calibrate.weights:thresholds",
            "impact": "calibrate.impact:impact",
            "outcomes": "calibrate.outcomes:outcomes",
            "key": "calibrate.signing:key",
            "register": "calibrate.signing:register",
            "sign": "calibrate.signing:sign",
            "activate": "calibrate.signing:activate",
            "status": "calibrate.signing:status",
        },
    ),
}


def build(named: str = "") -> Any:
    """The command tree; only the branch that is named where one is, which starts quicker."""
    app = typer.Typer(
        name="screening",
        add_completion=False,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    app.callback()(screening)
    everything = named not in COMMANDS and named not in GROUPS
    _add(app, {k: v for k, v in COMMANDS.items() if everything or k == named})
    for name, (about, commands) in GROUPS.items():
        if everything or name == named:
            group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=about)
            _add(group, commands)
            app.add_typer(group, name=name)
    return typer.main.get_command(app)


def _add(app: typer.Typer, commands: dict[str, str]) -> None:
    for name, place in commands.items():
        module, function = place.split(":")
        app.command(name)(getattr(import_module(f"screening.cli.{module}"), function))


def _version(wanted: bool) -> None:
    if wanted:
        from screening import __version__

        typer.echo(f"screening {__version__}")
        raise typer.Exit


def screening(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Weighted, explained screening for victims of trafficking in human beings.

    It shows what was found, what is unknown, how far the finding could still rise, and what to do
    next. A person decides.
    """
