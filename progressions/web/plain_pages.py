"""Small plain HTML pages in the application's look, for routes outside Streamlit. No script."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Protocol

from starlette.responses import HTMLResponse

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Progressions</title>
<style>
:root {{ color-scheme: light dark; --page: #ffffff; --ink: #17212e; --link: #1f5fa8; --line: #c3ccd8; --edge: #66758a;
         --button: #1f5fa8; --quiet: #f2f5f9; --problem: #a02020; }}
@media (prefers-color-scheme: dark) {{ :root {{ --page: #10161e; --ink: #edf2f7; --link: #9cc6ee; --line: #465467;
         --edge: #8b9bb0; --button: #2f6bb0; --quiet: #1b2430; --problem: #ffb3a8; }} }}
* {{ box-sizing: border-box; }}
body {{ margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--page); color: var(--ink);
       font: 18px/1.5 "Source Sans 3", "Segoe UI", "Helvetica Neue", Arial, sans-serif; }}
main {{ width: min(32rem, 100% - 2rem); margin: 1rem; padding: clamp(1.25rem, 5vw, 2rem);
       border: 1px solid var(--line); border-radius: .6rem; overflow-wrap: break-word; }}
h1 {{ font-size: 1.5rem; line-height: 1.25; margin: 0 0 .75rem; }} a {{ color: var(--link); }}
p {{ margin: 0 0 1rem; }} main > :last-child {{ margin-bottom: 0; }} a.go {{ display: inline-block; padding: .5rem 0;
       overflow-wrap: anywhere; }}
form {{ margin: 0 0 1rem; }} label {{ display: block; font-weight: 600; margin-bottom: .35rem; }}
input[type=text], select {{ width: 100%; min-height: 3rem; padding: .5rem .75rem; color: inherit;
        background: var(--page); font: inherit; border: 1px solid var(--edge); border-radius: .5rem;
        margin-bottom: 1rem; }}
input.code {{ font: 1.15rem/1.4 ui-monospace, Menlo, Consolas, monospace; text-transform: uppercase;
        margin-bottom: 0; }}
fieldset {{ border: 0; padding: 0; margin: 0 0 1rem; display: grid; gap: .5rem;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 12rem), 1fr)); }}
legend {{ font-weight: 600; padding: 0; margin-bottom: .35rem; }}
label.choice {{ display: flex; align-items: center; gap: .6rem; min-height: 3rem; padding: .5rem .75rem; margin: 0;
        border: 1px solid var(--edge); border-radius: .5rem; cursor: pointer; }}
label.choice:has(:checked) {{ border-color: var(--link); box-shadow: inset 0 0 0 1px var(--link); }}
label.choice input {{ width: 1.3rem; height: 1.3rem; margin: 0; accent-color: var(--button); }}
button {{ width: 100%; min-height: 3rem; margin-top: .75rem; padding: .5rem 1rem; font: inherit; font-weight: 600;
         color: #fff; background: var(--button); border: 1px solid var(--button); border-radius: .5rem;
         cursor: pointer; }}
button.quiet {{ color: var(--ink); background: var(--quiet); border-color: var(--edge); margin-top: 0; }}
:focus-visible {{ outline: 3px solid var(--link); outline-offset: 2px; }}
img.qr {{ display: block; width: min(100%, 16rem); margin: 0 auto 1rem; border-radius: .5rem; }}
.shown {{ font: 600 1.5rem/1.4 ui-monospace, Menlo, Consolas, monospace; text-align: center; }}
.problem {{ color: var(--problem); font-weight: 600; }}
</style></head>
<body><main><h1>{title}</h1>{content}</main></body></html>
"""
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "strict-origin"}
"""Never kept, and an address never travels on: it may hold a link's token. The bare origin has to, or browsers call a
form's origin "null", and a form of ours could not be told from another site's."""

LONGEST_CODE = 64  # characters that a field for a code takes


@dataclass(frozen=True, slots=True)
class Link:
    """An address and the words that lead there."""

    address: str
    words: str


Links = tuple[Link, ...]
HOME = Link("/", "Go to Progressions")


class Part(Protocol):
    """Something to fill in."""

    def markup(self) -> str:
        """Its markup, with everything escaped."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field for a code. ``problem`` is the sentence about what was typed before, "" for none; ``value`` stands in it
    already: nothing that is secret.
    """

    name: str
    label: str
    problem: str = ""
    value: str = ""

    def markup(self) -> str:
        """Escaped here. The keyboard of a phone is told to leave the text alone."""
        told, described = _told(self.problem)
        return (
            f'{told}<label for="{escape(self.name)}">{escape(self.label)}</label>'
            f'<input class="code" id="{escape(self.name)}" name="{escape(self.name)}" type="text" required autofocus '
            f'maxlength="{LONGEST_CODE}" autocomplete="one-time-code" inputmode="text" autocapitalize="characters" '
            f'autocorrect="off" spellcheck="false" value="{escape(self.value)}"{described}>'
        )


@dataclass(frozen=True, slots=True)
class Text:
    """A field for a line of text that has to be filled in; ``value`` stands in it already."""

    name: str
    label: str
    longest: int
    value: str = ""
    problem: str = ""
    autocomplete: str = "off"

    def markup(self) -> str:
        """Escaped here."""
        told, described = _told(self.problem)
        return (
            f'{told}<label for="{escape(self.name)}">{escape(self.label)}</label>'
            f'<input id="{escape(self.name)}" name="{escape(self.name)}" type="text" required '
            f'maxlength="{self.longest}" autocomplete="{escape(self.autocomplete)}" value="{escape(self.value)}"'
            f"{described}>"
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few, all to be seen: values with their words. One has to be chosen; ``value`` is chosen already."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    value: str = ""

    def markup(self) -> str:
        """Escaped here."""
        buttons = "".join(
            f'<label class="choice"><input type="radio" name="{escape(self.name)}" value="{escape(value)}" required'
            f"{' checked' if value == self.value else ''}>{escape(words)}</label>"
            for value, words in self.options
        )
        return f"<fieldset><legend>{escape(self.label)}</legend>{buttons}</fieldset>"


@dataclass(frozen=True, slots=True)
class Pick:
    """One of several in a list: values with their words. One has to be chosen; ``value`` is chosen already."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    value: str = ""

    def markup(self) -> str:
        """Escaped here."""
        shown = (("", "Choose …"), *self.options)
        options = "".join(
            f'<option value="{escape(value)}"{" selected" if value == self.value else ""}>{escape(words)}</option>'
            for value, words in shown
        )
        name = escape(self.name)
        field = f'<select id="{name}" name="{name}" required>{options}</select>'
        return f'<label for="{name}">{escape(self.label)}</label>{field}'


@dataclass(frozen=True, slots=True)
class Way:
    """A QR code for a camera, and a code for fingers: what leads here from another device."""

    picture: str
    alt: str
    code: str

    def markup(self) -> str:
        """Escaped here."""
        picture = f'<img class="qr" src="{escape(self.picture)}" alt="{escape(self.alt)}">'
        return f'{picture}<p class="shown">{escape(self.code)}</p>'


def _told(problem: str) -> tuple[str, str]:
    """A problem as a sentence above its field, and what ties the two together."""
    if not problem:
        return "", ""
    told = f'<p class="problem" id="problem" role="alert">{escape(problem)}</p>'
    return told, ' aria-invalid="true" aria-describedby="problem"'


@dataclass(frozen=True, slots=True)
class Form:
    """A button that posts to ``action``, with fields or with hidden values. A quiet one is not what is expected."""

    action: str
    button: str
    hidden: tuple[tuple[str, str], ...] = ()
    fields: tuple[Part, ...] = ()
    is_quiet: bool = False

    def markup(self) -> str:
        """Escaped here."""
        kept = "".join(f'<input type="hidden" name="{escape(n)}" value="{escape(v)}">' for n, v in self.hidden)
        field = "".join(each.markup() for each in self.fields)
        style = ' class="quiet"' if self.is_quiet else ""
        return (
            f'<form method="post" action="{escape(self.action)}">{kept}{field}'
            f'<button type="submit"{style}>{escape(self.button)}</button></form>'
        )


def page(
    title: str, *texts: str | Way, forms: tuple[Form, ...] = (), link: Link | None = HOME, ways: Links = ()
) -> str:
    """A page with one heading, paragraphs, then forms, then links; everything is escaped here."""
    paragraphs = [f"<p>{escape(text)}</p>" if isinstance(text, str) else text.markup() for text in texts]
    buttons = [form.markup() for form in forms]
    links = [*ways, link] if link else ways
    end = [f'<p><a class="go" href="{escape(each.address)}">{escape(each.words)}</a></p>' for each in links]
    return PAGE.format(title=escape(title), content="".join([*paragraphs, *buttons, *end]))


def answer(html: str, status: int = 200, headers: Mapping[str, str] | None = None) -> HTMLResponse:
    """The page as an answer that nobody keeps and that tells no other site its address."""
    return HTMLResponse(html, status, headers={**HEADERS, **(headers or {})})
