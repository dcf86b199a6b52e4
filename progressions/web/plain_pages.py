"""Small plain HTML pages in the application's look, for routes outside Streamlit. No script."""

from html import escape

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Progressions</title>
<style>
:root {{ color-scheme: light dark; --page: #ffffff; --ink: #17212e; --link: #1f5fa8; --line: #c3ccd8; }}
@media (prefers-color-scheme: dark) {{ :root {{ --page: #10161e; --ink: #edf2f7; --link: #9cc6ee; --line: #465467; }} }}
body {{ margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--page); color: var(--ink);
       font: 18px/1.5 "Source Sans 3", "Segoe UI", "Helvetica Neue", Arial, sans-serif; }}
main {{ max-width: 32rem; margin: 1rem; padding: 2rem; border: 1px solid var(--line); border-radius: .6rem; }}
h1 {{ font-size: 1.5rem; margin: 0 0 .75rem; }} a {{ color: var(--link); }}
</style></head>
<body><main><h1>{title}</h1><p>{text}</p><p><a href="/">Go to Progressions</a></p></main></body></html>
"""


def page(title: str, text: str) -> str:
    """A page with one heading and one paragraph; both are escaped here."""
    return PAGE.format(title=escape(title), text=escape(text))
