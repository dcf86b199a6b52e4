"""The application as an ASGI app: ``streamlit run app.py`` serves it."""

from streamlit.starlette import App

from progressions.web.application import MIDDLEWARE, ROUTES, SCRIPT, lifespan, show_error

app = App(SCRIPT, routes=ROUTES, middleware=MIDDLEWARE, lifespan=lifespan, on_script_error=show_error)
