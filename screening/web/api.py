"""The same operations as JSON under /api, described by OpenAPI: lists, score, explain, the next
question.

Nothing is kept: what is sent is answered and forgotten. Bad input is 422 with the one line, its
parts and its code.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from dataclasses import asdict, replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi import Response as HttpResponse
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field

from screening.answers import Answer, Case, Response
from screening.checklist import Checklist, WeightSet, catalogue_ids, load_checklist, load_weights
from screening.checklist.retired import read_case
from screening.errors import CaseError, KnowledgeError, nearest, quote
from screening.i18n import LANGUAGES
from screening.interview import Interview, Record, load_protocol
from screening.scoring import Assessment, score
from screening.scoring.explain import explain
from screening.tables.jsonfile import check_json
from screening.values import parse_date
from screening.web.view import desk_of

__all__ = ["Ascii", "router"]


class Ascii(JSONResponse):
    """JSON in ASCII: whatever it holds can be sent."""

    def render(self, content: Any) -> bytes:
        return json.dumps(
            content, ensure_ascii=True, allow_nan=False, separators=(",", ":")
        ).encode("ascii")


class Strict(APIRoute):
    """What is sent is held to strict JSON first: of a key that stands twice, none may win in
    silence.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, HttpResponse]]:
        handler = super().get_route_handler()

        async def strict(request: Request) -> HttpResponse:
            check_json(await request.body())
            return await handler(request)

        return strict


router = APIRouter(
    prefix="/api", tags=["screening"], route_class=Strict, default_response_class=Ascii
)
if TYPE_CHECKING:
    Lang = str
else:  # the schema names every language there is
    Lang = Literal[tuple(LANGUAGES)]
Short = Annotated[str, Field(max_length=200)]


class Body(BaseModel):
    """A key that is not named is an error: a misspelt one must not be dropped in silence."""

    model_config = ConfigDict(extra="forbid")


class ResponseIn(Body):
    """An answer with what it rests on."""

    answer: Answer
    basis: Literal["", "said", "observed", "document"] = ""
    note: Annotated[str, Field(max_length=4000)] = ""


class CaseIn(Body):
    """One case. An indicator that is left out was not asked; it is never a no."""

    case_id: Annotated[str, Field(min_length=1, max_length=200)]
    age: Annotated[int, Field(ge=0, le=120)] | None = None
    age_certain: bool = True
    met_on: Short | None = None
    answers: Annotated[dict[Short, Answer | ResponseIn], Field(max_length=2000)] = {}

    def case(self) -> Case:
        answers = {
            i: Response(r) if isinstance(r, Answer) else Response(r.answer, r.basis, r.note)
            for i, r in self.answers.items()
        }
        return Case(
            self.case_id, self.age, self.age_certain, answers, met_on=parse_date(self.met_on)
        )


class ScoreIn(Body):
    """A case, and what to score it with; without names, what the program was started with."""

    case: CaseIn
    checklist: Short | None = None
    weights: Short | None = None
    model: Short | None = None
    language: Lang = "en"


class NextIn(ScoreIn):
    """A case in an interview: the preconditions answered, the facts of the meeting, what was left
    open on purpose, and whether what to do in danger was shown.
    """

    preconditions: Annotated[dict[Short, Short], Field(max_length=20)] = {}
    facts: Annotated[dict[Short, Short], Field(max_length=50)] = {}
    person: bool = False
    passed: Annotated[list[Short], Field(max_length=2000)] = []
    going_on: bool = False
    helped: bool = False
    looked: bool = False


class ListOut(BaseModel):
    """A list that can be scored with.

    A comparator is for comparison only, never for use with people.
    """

    id: str
    version: str
    role: str
    title: str
    sha256: str
    weights: str
    indicators: int


class IndicatorOut(BaseModel):
    """One indicator in one language, and how it is established for a child and for an adult."""

    id: str
    section: str
    applies_to: str
    statement: str
    mode_child: str
    mode_adult: str
    prompt_child: str
    prompt_adult: str


class ListWhole(ListOut):
    """A list with its indicators."""

    items: list[IndicatorOut]


class RowOut(BaseModel):
    """A line of an explanation."""

    text: str
    lead: str
    note: str


class SectionOut(BaseModel):
    """A titled part of an explanation."""

    key: str
    title: str
    rows: list[RowOut]


class NextOut(BaseModel):
    """What comes next, and why.

    For `question`: the indicator, how to establish it, and what to say or to look at. `help`: a
    sign of danger was answered yes, or nobody can tell; show what to do now before anything else
    and say so (`helped`). `look`: show what can be seen here on one page, send those that were
    seen as yes, and say so (`looked`).
    """

    kind: Literal["help", "precondition", "person", "question", "look", "judgement", "finding"]
    key: str
    stop: str | None
    mode: str | None = None
    prompt: str | None = None
    why: str | None = None
    chance: float | None = None
    look: list[str] = []


class Fault(BaseModel):
    """What is wrong with what was sent, in words that a person can act on."""

    code: str
    place: str
    problem: str
    remedy: str
    message: str


FAULTS: dict[int | str, dict[str, Any]] = {
    422: {
        "description": "what was sent cannot be used",
        "content": {
            "application/json": {
                "schema": {
                    "anyOf": [
                        {"$ref": "#/components/schemas/Fault"},
                        {
                            "type": "object",
                            "properties": {
                                "detail": {"type": "array", "items": {"type": "object"}}
                            },
                            "required": ["detail"],
                        },
                    ]
                }
            }
        },
    },
    400: {"description": "what was sent is no JSON that can be read"},
    404: {"model": Fault, "description": "there is no such list"},
}


@lru_cache(maxsize=16)
def _loaded(name: str, weights: str | None, day: date) -> tuple[Checklist, WeightSet]:
    checklist = load_checklist(name)
    return checklist, load_weights(checklist, weights, on=day)


def _knowledge(request: Request, body: ScoreIn) -> tuple[Checklist, WeightSet]:
    """Only bundled lists by id: what is sent must not name places on this machine."""
    own = desk_of(request).knowledge
    name = own.checklist.id if body.checklist is None else body.checklist
    if name == own.checklist.id and body.weights is None:
        return own.checklist, own.weights
    return _loaded(
        _bundled(name, catalogue_ids()),
        None if body.weights is None else _bundled(body.weights, None),
        date.today(),
    )


def _bundled(name: str, known: list[str] | None) -> str:
    if (
        any(c in name for c in "/\\\0")
        or name.startswith(".")
        or name.endswith((".yaml", ".yml", ".json"))
        or (known is not None and name not in known)
    ):
        raise KnowledgeError("K110.name_unknown", near=nearest(name, known or []), name=name)
    return name


def _assessed(request: Request, body: ScoreIn) -> tuple[Checklist, Assessment]:
    checklist, weights = _knowledge(request, body)
    case = read_case(body.case.case(), checklist)
    assessment = score(case, checklist, weights, body.language)
    if body.model is not None:
        from screening.scorecard.card_json import load_model, model_ids

        assessment = replace(
            assessment,
            second_opinion=load_model(_bundled(body.model, model_ids()), checklist).opinion(
                case, checklist
            ),
        )
    return checklist, assessment


@router.get("/lists", summary="The lists that can be scored with")
def lists(language: Lang = "en") -> list[ListOut]:
    return [_listed(load_checklist(name), language) for name in catalogue_ids()]


def _listed(checklist: Checklist, language: str) -> ListOut:
    return ListOut(
        id=checklist.id,
        version=checklist.version,
        role=checklist.role,
        title=checklist.texts(language).get("list", "main", "title"),
        sha256=checklist.sha256,
        weights=checklist.weights_in_force,
        indicators=len(checklist.indicators),
    )


@router.get("/lists/{name}", summary="One list with its indicators", responses=FAULTS)
def one_list(name: str, language: Lang = "en") -> ListWhole:
    checklist = load_checklist(_bundled(name, catalogue_ids()))
    texts = checklist.texts(language)
    items = [
        IndicatorOut(
            id=i.id,
            section=checklist.section_of(i.id),
            applies_to=i.applies_to,
            statement=texts.statement(i.id),
            mode_child=i.mode.child,
            mode_adult=i.mode.adult,
            prompt_child=texts.prompt(i.id, i.mode.child),
            prompt_adult=texts.prompt(i.id, i.mode.adult, "adult"),
        )
        for i in checklist.indicators.values()
    ]
    return ListWhole(**_listed(checklist, language).model_dump(), items=items)


@router.post("/score", summary="Score one case", responses=FAULTS)
def score_case(request: Request, body: ScoreIn) -> dict[str, Any]:
    """The assessment, as described in docs/assessment.schema.json.

    A finding is not a decision; there is no negative one.
    """
    return _assessed(request, body)[1].to_dict()


@router.post("/explain", summary="One case in words", responses=FAULTS)
def explain_case(request: Request, body: ScoreIn) -> list[SectionOut]:
    checklist, assessment = _assessed(request, body)
    sections = explain(assessment, checklist.texts(body.language))
    return [
        SectionOut(key=s.key, title=s.title, rows=[RowOut(**asdict(r)) for r in s.rows])
        for s in sections
    ]


@router.post("/next", summary="What to do or ask next, and why", responses=FAULTS)
def next_step(request: Request, body: NextIn) -> NextOut:
    """Help in danger comes before everything; then preconditions, in order; then the person; then
    the question that matters most.

    Send back what was answered.
    """
    checklist, weights = _knowledge(request, body)
    protocol = load_protocol(checklist)
    case = read_case(body.case.case(), checklist)
    record = Record.begin(
        case.case_id,
        checklist,
        weights,
        age=case.age,
        age_certain=case.age_certain,
        person=body.person,
    )
    interview = Interview(checklist, weights, protocol, record)
    if body.facts:
        interview = interview.person(case.age, case.age_certain, dict(body.facts))
        interview = replace(interview, record=replace(interview.record, person=body.person))
    for indicator in body.passed:
        interview = interview.leave_open(checklist.current(indicator))
    for indicator, response in case.answers.items():  # an answer counts, also where one was passed
        interview = interview.answer(indicator, response)
    for precondition, choice in body.preconditions.items():
        if precondition == "danger" and interview.preconditions.get(precondition, choice) != choice:
            raise CaseError(
                "C222.danger_twice",
                place=f"case {quote(case.case_id)}",
                precondition=choice,
                answer=str(case.answer(protocol.danger)),
            )
        interview = interview.precondition(precondition, choice)
    if body.helped:
        interview = interview.helped()
    if body.looked:
        interview = interview.look(())
    step = interview.next(body.going_on)
    if step.choice is None:
        look = list(interview.to_look) if step.kind == "look" else []
        return NextOut(kind=step.kind, key=step.key, stop=step.stop, look=look)
    mode = interview.mode(step.key)
    return NextOut(
        kind=step.kind,
        key=step.key,
        stop=step.stop,
        mode=mode,
        prompt=checklist.texts(body.language).prompt(step.key, mode, interview.profile),
        why=interview.because(step.choice, body.language),
        chance=round(step.choice.chance, 3),
    )
