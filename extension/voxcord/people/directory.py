"""The file that says who may sign in."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import hmac
import json
import os
import re
import secrets
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

FORMAT = 1
TOKEN_BYTES = 32
MOST_TOKENS = 16
"""Per person; the oldest one ends when another is issued."""

_USERNAME = re.compile(r"[^\s/\x00-\x1f\x7f]{1,64}")
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_LONGEST_NAME = 255
_LONGEST_INITIALS = 4
# Told apart by people with any of the usual colour vision deficiencies, on light and on dark ground.
_PALETTE = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8a63d2", "#a0a000")


class PeopleFileError(Exception):
    """The file cannot be used, or the change is not possible. The text says what to do."""


@dataclass(frozen=True)
class Person:
    """`key` is random: it goes into login cookies, so that a person who is removed and added again is signed out."""

    username: str
    display_name: str
    initials: str
    colour: str
    key: str
    token_hashes: tuple[str, ...] = field(default=(), repr=False)


class PeopleDirectory:
    """People by username. Reads the file again when it has changed; every change is written at once and as a whole.

    Tokens are random and have 256 bits, so their SHA-256 needs no salt and no slow hash: there is nothing to guess.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._seen: tuple[int, int, int] | None = None
        self._people: dict[str, Person] = {}

    def people(self) -> list[Person]:
        """Everybody, in the order in which they were added. Raises `PeopleFileError`."""
        self._refresh()
        return list(self._people.values())

    def find(self, username: str) -> Person | None:
        """Raises `PeopleFileError`."""
        self._refresh()
        return self._people.get(username)

    def find_by_token(self, token: str) -> Person | None:
        """Whose token this is. Takes equally long for every token. Raises `PeopleFileError`."""
        self._refresh()
        presented = _hash(token)
        found = None
        for person in self._people.values():
            for known in person.token_hashes:
                if hmac.compare_digest(known, presented):
                    found = person
        return found

    def add(self, username: str, display_name: str = "", initials: str = "", colour: str = "") -> Person:
        """Raises `PeopleFileError` if the name is taken or a value is not valid."""
        with self._changing() as people:
            if username in people:
                raise PeopleFileError(f"{username} is already there. Remove them first to begin anew.")
            name = display_name or username
            person = Person(
                username=username,
                display_name=name,
                initials=initials or _initials_of(name),
                colour=(colour or _PALETTE[len(people) % len(_PALETTE)]).lower(),
                key=secrets.token_hex(16),
            )
            _check(person)
            people[username] = person
        return person

    def remove(self, username: str) -> None:
        """Ends all their tokens, logins and open rooms. Raises `PeopleFileError` if there is no such person."""
        with self._changing() as people:
            if people.pop(username, None) is None:
                raise PeopleFileError(f"There is no {username} in {self.file}.")

    def issue_token(self, username: str) -> str:
        """A new token for a person, beside those they have. It is not stored: this is the only time it is seen."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        with self._changing() as people:
            person = people.get(username)
            if person is None:
                raise PeopleFileError(f"There is no {username} in {self.file}.")
            hashes = (*person.token_hashes, _hash(token))[-MOST_TOKENS:]
            people[username] = replace(person, token_hashes=hashes)
        return token

    # The file

    def _refresh(self) -> None:
        try:
            status = self.file.stat()
        except FileNotFoundError:
            self._seen, self._people = None, {}
            return
        except OSError as error:
            raise PeopleFileError(f"{self.file} cannot be read: {error.strerror}.") from error
        seen = (status.st_mtime_ns, status.st_size, status.st_ino)
        if seen == self._seen:
            return
        if stat.S_IMODE(status.st_mode) & 0o077:
            raise PeopleFileError(f"Others than its owner can open {self.file}. Run: chmod 600 '{self.file}'")
        self._people = _parse(self.file)
        self._seen = seen

    @contextlib.contextmanager
    def _changing(self) -> Iterator[dict[str, Person]]:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        lock = self.file.with_name(f".{self.file.name}.lock")
        with lock.open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            self._refresh()
            people = dict(self._people)
            yield people
            self._write(people)

    def _write(self, people: dict[str, Person]) -> None:
        content = {"voxcordPeople": FORMAT, "people": [_to_json(person) for person in people.values()]}
        # mkstemp makes a file with mode 0600.
        descriptor, temporary = tempfile.mkstemp(prefix=f".{self.file.name}.", dir=self.file.parent)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
                json.dump(content, handle, indent=2, ensure_ascii=False)
                handle.write("\n")
                handle.flush()
                os.fsync(handle.fileno())
            Path(temporary).replace(self.file)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _initials_of(name: str) -> str:
    words = [word for word in re.split(r"[\s.\-_]+", name) if word and word[0].isalnum()]
    letters = [words[0], words[-1]] if len(words) > 1 else words
    return "".join(word[0] for word in letters).upper() or "?"


def _check(person: Person) -> None:
    if not _USERNAME.fullmatch(person.username):
        raise PeopleFileError("A username has 1 to 64 characters and neither spaces nor slashes.")
    if not 1 <= len(person.display_name) <= _LONGEST_NAME or not person.display_name.isprintable():
        raise PeopleFileError(f"A display name has 1 to {_LONGEST_NAME} printable characters.")
    if not 1 <= len(person.initials) <= _LONGEST_INITIALS or not person.initials.isprintable():
        raise PeopleFileError(f"Initials have 1 to {_LONGEST_INITIALS} characters.")
    if not _COLOUR.fullmatch(person.colour):
        raise PeopleFileError("A colour is written as #rrggbb.")


def _parse(file: Path) -> dict[str, Person]:
    try:
        content: Any = json.loads(file.read_text(encoding="utf-8"))
        version = content["voxcordPeople"]
        people = [_from_json(entry) for entry in content["people"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PeopleFileError(f"{file} is not a list of people: {error!r}.") from error
    if version != FORMAT:
        raise PeopleFileError(f"{file} was written by another version of Voxcord.")
    for person in people:
        _check(person)
    by_username = {person.username: person for person in people}
    if len(by_username) != len(people):
        raise PeopleFileError(f"{file} names somebody twice.")
    return by_username


def _from_json(entry: dict[str, Any]) -> Person:
    texts = [entry[name] for name in ("username", "displayName", "initials", "colour", "key")]
    hashes = entry["tokens"]
    if not all(isinstance(text, str) for text in [*texts, *hashes]):
        raise PeopleFileError("Each person has a username, displayName, initials, colour, key and tokens.")
    username, display_name, initials, colour, key = texts
    return Person(username, display_name, initials, colour, key, tuple(hashes))


def _to_json(person: Person) -> dict[str, Any]:
    return {
        "username": person.username,
        "displayName": person.display_name,
        "initials": person.initials,
        "colour": person.colour,
        "key": person.key,
        "tokens": list(person.token_hashes),
    }
