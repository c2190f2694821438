"""One application that goes from database to database: making its routes ready takes long."""

from collections.abc import Callable

from fastapi import FastAPI

from api.app import Application, create_app
from geo.runtime import Runtime


class Moved:
    """An application on one runtime after another; whoever is given it has it alone.

    Each route is made ready at its first request, a fifth of a second of a processor in most tests.
    That stays; all that belongs to a runtime goes with it.

    Parameters
    ----------
    make : makes an application on a runtime
    """

    def __init__(self, make: Callable[[Runtime], FastAPI] = create_app) -> None:
        self._make = make
        self._app: FastAPI | None = None

    def on(self, runtime: Runtime) -> FastAPI:
        """Return the application on a runtime, as if it had just been made."""
        if self._app is None:
            self._app = self._make(runtime)
            return self._app
        app, made = self._app, create_app(runtime)
        assert isinstance(app, Application)
        assert isinstance(made, Application)
        app.state, app.points, app.at_once = made.state, made.points, made.at_once
        app.user_middleware, app.middleware_stack = made.user_middleware, None
        return app
