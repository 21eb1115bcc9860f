"""The trainer's pages of agreement and weights: proposal, sliders, thresholds, comparison.

They do no arithmetic of their own.
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from screening.calibration.agreement import ABOUT, DIFFERS
from screening.calibration.files import newly_alone
from screening.calibration.propose import LARGEST, METHODS
from screening.calibration.ratings import SCALE
from screening.checklist import load_weights, weight_set_ids
from screening.checklist.model import WeightSet
from screening.checklist.schema import CASE_PROFILES
from screening.errors import KnowledgeError, ScreeningError
from screening.i18n import words
from screening.web.trainer.rating import sections_of
from screening.web.trainer.state import PEOPLE, Behind, Bench, Differs, Tried
from screening.web.trainer.view import Form, bench_of, number_in, plainly, share_in, show
from screening.web.view import Posted, chosen, language_of, see

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/agreement")
def agreement(request: Request) -> Response:
    bench = bench_of(request)
    signs, stories = bench.agreements()
    return show(
        request,
        "web/trainer/agreement.html.j2",
        signs=signs,
        stories=stories,
        rounds=bench.rounds,
        there=bench.rounds.there(),
        scale=SCALE,
        about=ABOUT,
        differs=DIFFERS,
    )


# -- weights ---------------------------------------------------------------------------------------


@router.get("/weights")
def weights(request: Request, world: str = "", show: str = "") -> Response:
    """Weights with sliders; with `show`, as without scripts, also what they change."""
    bench = bench_of(request)
    tried = (
        bench.tried(world or bench.worlds()[0], bench.in_force, bench.weights(bench.now()))
        if show
        else None
    )
    return _weights(request, world=world, tried=tried)


def _weights(
    request: Request,
    status: int = 200,
    world: str = "",
    problem: str = "",
    tried: Tried | None = None,
    behind: list[Differs] | None = None,
    ask: bool = False,
    typed: Posted | None = None,
) -> Response:
    """`behind` is what a page that was behind would have set, `ask` whether a proposal may replace
    what was set by hand.
    """
    bench = bench_of(request)
    before, now, worlds = bench.in_force, bench.now(), bench.worlds()
    rows = {(r.indicator, r.profile): r for r in bench.proposal.rows} if bench.proposal else {}
    most = max(
        LARGEST,
        *(n for points in (now, before.points) for p in CASE_PROFILES for n in points[p].values()),
    )
    return show(
        request,
        "web/trainer/weights.html.j2",
        status,
        here="/weights" if request.method == "POST" else "",
        before=before,
        points=now,
        rows=rows,
        sections=sections_of(bench),
        worlds=worlds,
        methods=METHODS,
        most=most,
        people=PEOPLE,
        problem=problem,
        tried=tried,
        world=world if world in worlds else worlds[0],
        tab=secrets.token_hex(4),
        behind=behind or [],
        ask=ask,
        filled=typed or {},
        rounds=bench.rounds,
        there=bench.rounds.there(),
    )


@router.post("/propose")
def propose(request: Request, form: Form) -> Response:
    bench = bench_of(request)
    if bench.by_hand and form.get("sure") != "yes":
        return _weights(request, 409, ask=True, typed=form)
    try:
        method = chosen(form, "method")
        bench.propose(
            method,
            form.get("card", "") if method != "ratings" else "",
            number_in(form.get("worth", "")),
        )
    except ScreeningError as error:
        return _weights(request, 400, problem=plainly(request, error), typed=form)
    return see("/weights")


@router.post("/weights")
def change_weights(request: Request, form: Form) -> Response:
    """Sliders: only what the change does, for a script; without one, the page again."""
    bench = bench_of(request)
    part = request.headers.get("hx-request") == "true"
    world = form.get("world", "")
    try:
        points = bench.set_points(form)
        if form.get("do") == "keep":
            return see("/keep")
        tried = (
            bench.tried(world or bench.worlds()[0], bench.in_force, bench.weights(points))
            if part
            else None
        )
    except Behind as late:
        answer = _weights(request, 409, world=world, behind=late.differs)
        if part:  # the whole page, for its sliders show what no longer stands
            answer.headers.update(
                {"hx-retarget": "#content", "hx-reselect": "#content", "hx-reswap": "outerHTML"}
            )
        return answer
    except ScreeningError as error:
        problem = plainly(request, error)
        return (
            show(request, "web/trainer/impact.html.j2", 400, problem=problem, tried=None)
            if part
            else _weights(request, 400, world=world, problem=problem, typed=form)
        )
    if part:
        return show(
            request, "web/trainer/impact.html.j2", problem="", tried=tried, revision=bench.revision
        )
    return see(f"/weights?{urlencode({'world': world or bench.worlds()[0], 'show': 'yes'})}")


@router.get("/keep")
def keep(request: Request) -> Response:
    return _keep(request, {}, {})


def _keep(
    request: Request, typed: Mapping[str, str], faults: Mapping[str, str], problem: str = ""
) -> Response:
    return show(
        request,
        "web/trainer/keep.html.j2",
        400 if faults or problem else 200,
        here="/keep",
        filled=typed,
        faults=faults,
        problem=problem,
        today=date.today().isoformat(),
        alone=_newly_alone(request),
    )


def _newly_alone(request: Request) -> dict[str, list[str]]:
    """The signs that would now refer a person by themselves, with whom, in words."""
    bench, say = bench_of(request), words(language_of(request))
    found: dict[str, list[str]] = {}
    for sign, profile in newly_alone(bench.checklist, bench.in_force, bench.now()):
        found.setdefault(sign, []).append(say("child") if profile == "child" else say("adult"))
    return found


@router.post("/keep")
def save(request: Request, form: Form) -> Response:
    """The weights on the bench as a new set.

    What is wrong stands at its field, and what was typed stays.
    """
    say = words(language_of(request))
    authors = [a.strip() for a in form.get("authors", "").split(",") if a.strip()]
    faults = {}
    if not form.get("title", "").strip():
        faults["title"] = say("Write a title.")
    if not authors:
        faults["authors"] = say("Write who answers for it.")
    days = {name: _day(form.get(name, "")) for name in ("valid_from", "recheck_by")}
    faults |= {
        name: say("This is not a date: write year-month-day, such as 2028-01-31.")
        for name, day in days.items()
        if day is None
    }
    reasons = {i: form.get(f"alone:{i}", "").strip() for i in _newly_alone(request)}
    faults |= {f"alone:{i}": say("Write the reason.") for i, why in reasons.items() if not why}
    first, last = days["valid_from"], days["recheck_by"]
    if first is None or last is None or faults:
        return _keep(request, form, faults)
    try:
        made = bench_of(request).save(
            form.get("id", "").strip(),
            form["title"].strip(),
            authors,
            first,
            last,
            date.today(),
            form.get("evidence", "").strip(),
            reasons,
        )
    except ScreeningError as error:
        field = {"K112": "id", "U302": "id", "K133": "recheck_by"}.get(error.code, "")
        return _keep(
            request,
            form,
            {field: plainly(request, error)} if field else {},
            "" if field else plainly(request, error),
        )
    return see(f"/sign?set={made.id}")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


# -- thresholds and comparison ---------------------------------------------------------------------


@router.get("/thresholds")
def thresholds(request: Request, world: str = "", recall: str = "0.90") -> Response:
    bench = bench_of(request)
    worlds = bench.worlds()
    at, floor = world if world in worlds else worlds[0], share_in(recall)
    rows = bench.thresholds(at, bench.weights(bench.now()))
    picked = {}
    for profile in CASE_PROFILES if not math.isnan(floor) else ():
        mine = [
            t
            for t in rows
            if t.profile == profile
            and min(t.recall.low, t.begging.low if t.begging.n else 1.0) >= floor
        ]
        picked[profile] = max((t.points for t in mine), default=0)
    say = words(language_of(request))
    problem = (
        ""
        if picked
        else say(
            "“{text}” is no share that can be understood: write it as 0.95 or 95 %.",
            text=recall[:20],
        )
    )
    return show(
        request,
        "web/trainer/thresholds.html.j2",
        200 if picked else 400,
        rows=rows,
        worlds=worlds,
        world=at,
        recall=recall,
        floor=floor,
        picked=picked,
        people=PEOPLE,
        problem=problem,
    )


@router.get("/compare")
def compare(request: Request, one: str = "", two: str = "", world: str = "") -> Response:
    bench = bench_of(request)
    names = weight_set_ids(bench.checklist)
    values: dict[str, Any] = {"problem": "", "tried": None, "changes": [], "worlds": []}
    try:
        if one and two:
            first, second = _set(bench, one), _set(bench, two)
            values["changes"] = [
                (i, p, n, second.points[p][i])
                for p in CASE_PROFILES
                for i, n in first.points[p].items()
                if n != second.points[p][i]
            ]
            values["worlds"] = worlds = bench.worlds(first, second)
            world = world if world in worlds else worlds[0]
            values["tried"] = bench.tried(world, first, second)
    except ScreeningError as error:
        values["problem"] = plainly(request, error)
    values["worlds"] = values["worlds"] or bench.worlds()
    return show(
        request,
        "web/trainer/compare.html.j2",
        400 if values["problem"] else 200,
        names=names,
        one=one,
        two=two,
        world=world,
        people=PEOPLE,
        **values,
    )


def _set(bench: Bench, name: str) -> WeightSet:
    if name == "bench":
        return bench.weights(bench.now())
    if name not in weight_set_ids(bench.checklist):
        raise KnowledgeError("K110.weights_not_listed", name=name)
    return load_weights(bench.checklist, name, draft=True)
