"""Signs people in with their own tokens."""

from __future__ import annotations

import hmac
import json
from pathlib import Path
from typing import Any

from jupyter_server.auth import IdentityProvider, User
from jupyter_server.auth.login import LoginFormHandler
from tornado import web
from traitlets import List as ListTrait
from traitlets import TraitError, Unicode, default, validate

from .directory import PeopleDirectory, PeopleFileError, Person


class PeopleLoginHandler(LoginFormHandler):
    """Jupyter's login page, with a word on what to type."""

    def _render(self, message: dict[str, str] | None = None) -> None:
        hint = {"info": "Paste your personal token, or open your personal sign-in link."}
        super()._render(message or hint)  # type: ignore[no-untyped-call]


class PeopleIdentityProvider(IdentityProvider):
    """Each person has tokens of their own (`python -m voxcord.people`); whoever brings one is that person.

    Names come from the people file alone. Nobody can change them in a browser, so that an author who is shown beside an
    annotation is the person whom the operator has added.
    """

    people_file = Unicode(config=True, help="The file that `python -m voxcord.people add` writes.")
    updatable_fields = ListTrait(Unicode(), default_value=[], help="Nothing: names come from the people file.")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._directory: PeopleDirectory | None = None

    @validate("people_file")
    def _check_people_file(self, proposal: dict[str, Any]) -> str:
        if not proposal["value"]:
            raise TraitError("PeopleIdentityProvider.people_file must name a file.")
        return str(Path(proposal["value"]).expanduser().absolute())

    @default("token")
    def _no_shared_token(self) -> str:
        return ""

    @default("need_token")
    def _no_token_needed(self) -> bool:
        return False

    @default("login_handler_class")
    def _default_login_handler_class(self) -> type[web.RequestHandler]:
        return PeopleLoginHandler

    @property
    def auth_enabled(self) -> bool:
        """Always: there are no anonymous people here."""
        return True

    def still_known(self, user: User) -> bool:
        """Whether a person who signed in earlier is still in the people file."""
        return self._find(user.username) is not None

    # Ways to sign in

    async def get_user_token(self, handler: web.RequestHandler) -> User | None:
        token = self.get_token(handler)
        if not token:
            return None
        person = self._find_by_token(token)
        if person is None:
            self.log.warning("Refused a sign-in token that belongs to nobody (from %s)", handler.request.remote_ip)
            return None
        return _user(person)

    def process_login_form(self, handler: web.RequestHandler) -> User | None:
        person = self._find_by_token(handler.get_argument("password", default="").strip())
        return None if person is None else _user(person)

    # The cookie says who, never what they are called

    def user_to_cookie(self, user: User) -> str:
        person = self._find(user.username)
        return json.dumps({"username": user.username, "key": "" if person is None else person.key})

    def user_from_cookie(self, cookie_value: str) -> User | None:
        content = json.loads(cookie_value)
        person = self._find(str(content["username"]))
        # Not the same person if they were removed and added again: then they sign in again.
        if person is None or not hmac.compare_digest(person.key.encode(), str(content.get("key", "")).encode()):
            return None
        return _user(person)

    # The people file: while it cannot be used, nobody is let in

    def _people(self) -> PeopleDirectory:
        if not self.people_file:
            raise PeopleFileError("PeopleIdentityProvider.people_file is not set.")
        if self._directory is None or str(self._directory.file) != self.people_file:
            self._directory = PeopleDirectory(Path(self.people_file))
        return self._directory

    def _find(self, username: str) -> Person | None:
        try:
            return self._people().find(username)
        except PeopleFileError as error:
            self.log.error("Nobody can sign in: %s", error)  # noqa: TRY400 - says all there is
            return None

    def _find_by_token(self, token: str) -> Person | None:
        if not token:
            return None
        try:
            return self._people().find_by_token(token)
        except PeopleFileError as error:
            self.log.error("Nobody can sign in: %s", error)  # noqa: TRY400 - says all there is
            return None


def _user(person: Person) -> User:
    return User(
        username=person.username,
        name=person.display_name,
        display_name=person.display_name,
        initials=person.initials,
        color=person.colour,
    )
