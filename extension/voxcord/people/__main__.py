"""`python -m voxcord.people`: who may sign in."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote, urlsplit

from .directory import PeopleDirectory, PeopleFileError, Person

OK, REFUSED = 0, 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit codes: 0 ok, 1 refused, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    directory = PeopleDirectory(options.file.expanduser().absolute())
    try:
        if options.command == "add":
            _add(directory, options)
        elif options.command == "list":
            _list(directory, options)
        elif options.command == "remove":
            directory.remove(options.username)
        else:
            _link(directory, options)
    except PeopleFileError as error:
        print(error, file=sys.stderr)
        return REFUSED
    except OSError as error:
        print(f"{directory.file}: {error.strerror}", file=sys.stderr)
        return REFUSED
    return OK


def sign_in_link(base_url: str, token: str) -> str:
    """Opens JupyterLab at `base_url`, signed in."""
    return f"{base_url.rstrip('/')}/lab?token={quote(token, safe='')}"


def _add(directory: PeopleDirectory, options: argparse.Namespace) -> None:
    person = directory.add(options.username, options.display_name, options.initials, options.colour)
    token = directory.issue_token(person.username)
    if options.json:
        print(json.dumps({**_public(person), "token": token}))
        return
    print(f"Added {person.display_name} ({person.username}). Their token, shown this once:", file=sys.stderr)
    print(token)


def _list(directory: PeopleDirectory, options: argparse.Namespace) -> None:
    people = directory.people()
    if options.json:
        print(json.dumps([_public(person) for person in people]))
        return
    for person in people:
        print(f"{person.username}\t{person.display_name}\t{person.initials}\t{person.colour}")


def _link(directory: PeopleDirectory, options: argparse.Namespace) -> None:
    usernames = options.username or [person.username for person in directory.people()]
    links = [
        {"username": username, "url": sign_in_link(options.base_url, directory.issue_token(username))}
        for username in usernames
    ]
    if options.json:
        print(json.dumps(links))
        return
    for link in links:
        print(f"{link['username']}\t{link['url']}")


def _public(person: Person) -> dict[str, str]:
    return {
        "username": person.username,
        "displayName": person.display_name,
        "initials": person.initials,
        "colour": person.colour,
    }


def _base_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise argparse.ArgumentTypeError(f"{text!r} is not like http://localhost:8888/")
    return text


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m voxcord.people", description="Who may sign in to a Jupyter server."
    )
    commands = parser.add_subparsers(dest="command", required=True)

    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--file", type=Path, required=True, help="the people file")
    common.add_argument("--json", action="store_true", help="machine-readable output")

    add = commands.add_parser("add", parents=[common], help="add a person and print their token")
    add.add_argument("username", help="never changes; their annotations carry it")
    add.add_argument("--display-name", default="", help="default: the username")
    add.add_argument("--initials", default="", help="default: from the display name")
    add.add_argument("--colour", default="", help="#rrggbb; default: one that is still free")

    commands.add_parser("list", parents=[common], help="list everybody")

    remove = commands.add_parser("remove", parents=[common], help="remove a person and end their logins")
    remove.add_argument("username")

    link = commands.add_parser("link", parents=[common], help="print new sign-in links (older ones stay valid)")
    link.add_argument("username", nargs="*", help="default: everybody")
    link.add_argument("--base-url", type=_base_url, required=True, help="address of the Jupyter server")
    return parser


if __name__ == "__main__":
    sys.exit(main())
