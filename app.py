"""The server: `streamlit run app.py`. It warms the models, answers /api/ready and sets headers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core import captioning, digits, forecasting, sentiment, tagging, translation
from core.errors import DashboardError

LOADERS = {
    "captioning": captioning.load_model,
    "sentiment": sentiment.load_model,
    "translation": translation.load_model,
    "forecasting": forecasting.load_model,
    "digits": digits.load_model,
    "tagging": tagging.load_model,
}
"""What to warm. A page wraps the same function in st.cache_resource and finds it loaded."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # A page's address may hold what a visitor typed; other sites need not learn it.
    "Referrer-Policy": "same-origin",
    # Any web page may frame this one, as course pages do with ?embed=true: there is no account
    # and nothing is stored, so a click that a hostile frame steals changes nothing.
    "Content-Security-Policy": "frame-ancestors *; base-uri 'self'; object-src 'none'",
}


class SecurityHeaders:
    """Add HEADERS to every HTTP response; websockets pass untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self.app(scope, receive, send_with_headers)


@asynccontextmanager
async def warm_models(_: st.App) -> AsyncIterator[dict[str, dict[str, asyncio.Task]]]:
    """Load every model in threads of their own, so that the server answers from the start."""
    loaders = {name: st.cache_resource(load, show_spinner=False) for name, load in LOADERS.items()}
    yield {
        "warming": {n: asyncio.create_task(asyncio.to_thread(load)) for n, load in loaders.items()}
    }


async def ready(_: Request) -> JSONResponse:
    """Answer 200 once every model can be used; until then, or if one cannot, 503.

    A model that cannot be used does not stop the server: its page says why and the others work.
    But the deployment is not what was shipped, so it is never called ready; `unusable` says which.
    """
    warming = app.state["warming"]
    loading = [name for name, task in warming.items() if not task.done()]
    errors = {name: task.exception() for name, task in warming.items() if task.done()}
    for error in errors.values():
        if error is not None and not isinstance(error, DashboardError):
            raise error
    unusable = {name: str(error) for name, error in errors.items() if error is not None}
    is_ready = not loading and not unusable
    return JSONResponse(
        {"ready": is_ready, "loading": loading, "unusable": unusable},
        status_code=200 if is_ready else 503,
    )


app = st.App(
    "pages/frame.py",
    lifespan=warm_models,
    routes=[Route("/api/ready", ready)],
    middleware=[Middleware(SecurityHeaders)],
)
