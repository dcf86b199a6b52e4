"""An identity provider on loopback that says of its one account whatever a test wants, and signs it."""

import base64
import hashlib
import json
import secrets
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "progressions"
ANA = {"sub": "ana-1", "email": "Ana@Example.org", "email_verified": True, "name": "Ana at the provider"}


class FakeProvider:
    """Serves from a thread for as long as the ``with`` block lasts.

    ``account`` is who is signed in there, ``spoilt`` what the token says falsely, ``stranger`` signs in place of the
    key that is published, ``refuses`` sends people back without a code. ``secrets`` collects what must not be found
    anywhere: codes, tokens and the client's secret.
    """

    def __init__(self) -> None:
        self.account: dict[str, Any] = dict(ANA)
        self.spoilt: dict[str, Any] = {}
        self.refuses = False
        self.key = RSAKey.generate_key(2048, {"kid": "one"})
        self.stranger: RSAKey | None = None
        self.client_secret = secrets.token_urlsafe(24)
        self.secrets: list[str] = [self.client_secret]
        self.asked: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "FakeProvider":
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def section(self, public_url: str, more: str = "") -> str:
        """The text of secrets.toml that sets this provider up for an application at ``public_url``."""
        return (
            f'[auth]\nredirect_uri = "{public_url}/oauth2callback"\ncookie_secret = "{"c" * 40}"\n'
            f'[auth.school]\ntitle = "Alder <Valley> Schools"\nclient_id = "{CLIENT}"\n'
            f'client_secret = "{self.client_secret}"\n'
            f'server_metadata_url = "{self.url}/.well-known/openid-configuration"\n{more}'
        )

    def metadata(self) -> dict[str, Any]:
        """The discovery document."""
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser goes on to, at once: nobody is asked anything."""
        if self.refuses:
            back = {"error": "access_denied", "error_description": "said no", "state": query["state"]}
            return f"{query['redirect_uri']}?{urlencode(back)}"
        code = secrets.token_urlsafe(16)
        self._codes[code] = query
        self.secrets.append(code)
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str]) -> dict[str, Any] | None:
        """The tokens for a code, once, and only for whoever began with this code's challenge."""
        began = self._codes.pop(form["code"], None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode()
        if began is None or began["code_challenge"] != challenge.rstrip("="):
            return None
        now = int(time.time())
        said = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 600, "nonce": began["nonce"], **self.account}
        header = {"alg": "RS256", "kid": "one"}
        id_token = jwt.encode(header, {**said, **self.spoilt}, self.stranger or self.key)
        access = secrets.token_urlsafe(16)
        self.secrets += [id_token, access]
        return {"access_token": access, "id_token": id_token, "token_type": "Bearer", "expires_in": 600}


def _handler(provider: FakeProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            provider.asked.append(asked.path)
            if asked.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(_first(asked.query)))
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif asked.path == "/jwks":
                self._say({"keys": [provider.key.as_dict(private=False)]})
            else:
                self._say(provider.metadata())

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            form = _first(self.rfile.read(int(self.headers["Content-Length"])).decode())
            given = provider.token(form)
            self._say(given or {"error": "invalid_grant"}, 200 if given else 400)

        def _say(self, content: dict[str, Any], status: int = 200) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    return Handler


def _first(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}
