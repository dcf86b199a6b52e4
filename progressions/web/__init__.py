"""The application in the browser: navigation, guard, session state, caches, routes, middleware, widgets, wording."""
