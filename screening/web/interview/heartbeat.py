"""A sign of life that a page asks for every second, and what other windows did to its case.

Asked for, not held open: a browser opens six lines to one address and no more, and the seventh
window would hang.
"""

from __future__ import annotations

import time

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from screening.web.interview.cases import Window
from screening.web.view import desk_of

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
# Seconds after which a window is taken as closed; one that nobody looks at asks once a minute at
# the least
SILENT = 75.0
MOST = 200  # windows remembered, those just closed among them


@router.get("/live")
async def live(request: Request) -> Response:
    """Only a sign of life, and whether the program was asked to end."""
    if request.app.state.ending:
        return JSONResponse({"ending": True})
    return Response(status_code=204)


@router.get("/live/{key}")
async def live_case(request: Request, key: str, window: str = "", turn: int = 0) -> Response:
    """The case's revision, and in how many windows it is open.

    turn : counts what the window has asked; a request that a window's closing overtook on its way
        does not open it again
    """
    desk = desk_of(request)
    case = desk.case(key)
    case.windows = {n: w for n, w in case.windows.items() if time.monotonic() - w.heard < SILENT}
    before = case.windows.get(window[:32])
    if window and (before.open or turn > before.turn if before else len(case.windows) < MOST):
        case.windows[window[:32]] = Window(turn)
    return JSONResponse(
        {
            "revision": desk.interview(key).record.revision,
            "windows": sum(w.open for w in case.windows.values()),
            **({"ending": True} if request.app.state.ending else {}),
        }
    )


@router.post("/live/{key}")
async def closed(request: Request, key: str, window: str = "", turn: int = 0) -> Response:
    """A window says that it shows the case no longer."""
    windows = desk_of(request).case(key).windows
    if window[:32] in windows or len(windows) < MOST:
        windows[window[:32]] = Window(turn, open=False)
    return Response(status_code=204)
