"""People, their tokens and their links, on a real Jupyter server."""

from __future__ import annotations

import asyncio
import json
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
import yarl
from conftest import running_jupyter

from voxcord.people import PeopleDirectory, PeopleFileError
from voxcord.people.directory import MOST_TOKENS


def people(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "voxcord.people", *arguments], capture_output=True, text=True, check=False
    )


def new_browser() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))


async def identity(client: aiohttp.ClientSession, jupyter) -> dict:
    async with client.get(f"{jupyter.url}api/me") as answer:
        return (await answer.json())["identity"] if answer.status == 200 else {}


# The file and the command


def test_command_adds_lists_links_and_removes(tmp_path):
    file = tmp_path / "people.json"
    added = people("add", "--file", str(file), "ana", "--display-name", "Ana Sousa", "--colour", "#112233", "--json")
    assert added.returncode == 0
    ana = json.loads(added.stdout)
    token = ana.pop("token")
    assert ana == {"username": "ana", "displayName": "Ana Sousa", "initials": "AS", "colour": "#112233"}
    assert len(token) >= 43
    assert people("add", "--file", str(file), "ben").returncode == 0
    assert [entry["username"] for entry in json.loads(people("list", "--file", str(file), "--json").stdout)] == [
        "ana",
        "ben",
    ]
    links = people("link", "--file", str(file), "--base-url", "http://localhost:8888/x/").stdout.splitlines()
    assert [link.split("\t")[0] for link in links] == ["ana", "ben"]
    assert all(link.split("\t")[1].startswith("http://localhost:8888/x/lab?token=") for link in links)
    assert people("remove", "--file", str(file), "ana").returncode == 0
    assert "ana" not in people("list", "--file", str(file)).stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["add", "--file", "F", "ana"], 1),
        (["add", "--file", "F", "a b"], 1),
        (["add", "--file", "F", "a/b"], 1),
        (["add", "--file", "F", "cy", "--colour", "red"], 1),
        (["add", "--file", "F", "cy", "--display-name", "a\nb"], 1),
        (["remove", "--file", "F", "nobody"], 1),
        (["link", "--file", "F", "nobody", "--base-url", "http://localhost/"], 1),
        (["link", "--file", "F", "--base-url", "localhost:8888"], 2),
        (["add", "cy"], 2),
    ],
)
def test_command_says_what_it_refuses(tmp_path, arguments, code):
    file = tmp_path / "people.json"
    PeopleDirectory(file).add("ana")
    before = file.read_text()
    answer = people(*[str(file) if argument == "F" else argument for argument in arguments])
    assert answer.returncode == code
    assert answer.stdout == ""
    assert answer.stderr.strip()
    assert "Traceback" not in answer.stderr
    assert file.read_text() == before


def test_file_is_private_and_holds_no_token(tmp_path):
    directory = PeopleDirectory(tmp_path / "people.json")
    directory.add("ana")
    token = directory.issue_token("ana")
    assert stat.S_IMODE(directory.file.stat().st_mode) == 0o600
    assert token not in directory.file.read_text()
    assert directory.find_by_token(token).username == "ana"
    assert directory.find_by_token(token[:-1]) is None
    assert directory.find_by_token(directory.find("ana").token_hashes[0]) is None


def test_file_that_others_can_open_is_refused(tmp_path):
    file = tmp_path / "people.json"
    PeopleDirectory(file).add("ana")
    file.chmod(0o644)
    with pytest.raises(PeopleFileError, match="chmod 600"):
        PeopleDirectory(file).people()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"voxcordPeople": 2, "people": []}',
        '{"voxcordPeople": 1, "people": [{"username": "ana"}]}',
        '{"voxcordPeople": 1, "people": [{"username": "ana", "displayName": 1, "initials": "A", "colour": "#000000",'
        ' "key": "k", "tokens": []}]}',
    ],
)
def test_file_that_makes_no_sense_is_refused(tmp_path, content):
    file = tmp_path / "people.json"
    file.write_text(content)
    file.chmod(0o600)
    with pytest.raises(PeopleFileError):
        PeopleDirectory(file).people()


def test_older_tokens_stay_valid_up_to_a_number(tmp_path):
    directory = PeopleDirectory(tmp_path / "people.json")
    directory.add("ana")
    tokens = [directory.issue_token("ana") for _ in range(MOST_TOKENS + 1)]
    assert directory.find_by_token(tokens[0]) is None
    assert all(directory.find_by_token(token) for token in tokens[1:])


def test_changes_at_the_same_time_are_all_kept(tmp_path):
    file = tmp_path / "people.json"
    names = [f"reader{number}" for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda name: PeopleDirectory(file).add(name), names))
    assert sorted(person.username for person in PeopleDirectory(file).people()) == sorted(names)


def test_first_people_get_colours_that_differ(tmp_path):
    directory = PeopleDirectory(tmp_path / "people.json")
    assert len({directory.add(f"reader{number}").colour for number in range(8)}) == 8


# In a browser


async def test_two_links_are_two_people_for_the_service(jupyter):
    file = jupyter.data.parent / "people.json"
    printed = await asyncio.to_thread(people, "link", "--file", str(file), "--base-url", jupyter.url)
    urls = dict(line.split("\t") for line in printed.stdout.splitlines())
    seen = []
    for username in ("ana", "ben"):
        token = parse_qs(urlsplit(urls[username]).query)["token"][0]
        async with new_browser() as client:
            await client.get(f"{jupyter.url}api/me?token={token}")
            # From here on the browser has its cookie alone.
            answer = await client.get(f"{jupyter.url}voxcord/api/v1/echo", headers={"Referer": jupyter.url})
            seen.append((await answer.json())["identity"])
    assert [(claims["sub"], claims["name"]) for claims in seen] == [("ana", "Ana Example"), ("ben", "Ben Example")]
    assert seen[0]["color"] != seen[1]["color"]


async def test_login_page_takes_a_pasted_token(jupyter):
    async with new_browser() as client:
        page = await (await client.get(f"{jupyter.url}login")).text()
        assert "Paste your personal token" in page
        xsrf = client.cookie_jar.filter_cookies(yarl.URL(jupyter.url))["_xsrf"].value
        wrong = await client.post(f"{jupyter.url}login", data={"password": "wrong", "_xsrf": xsrf})
        assert wrong.status == 401
        assert await identity(client, jupyter) == {}
        form = {"password": f" {jupyter.tokens['ben']} ", "_xsrf": xsrf}
        right = await client.post(f"{jupyter.url}login", data=form, allow_redirects=False)
        assert right.status == 302
        assert (await identity(client, jupyter))["username"] == "ben"


@pytest.mark.parametrize("token", ["wrong", "", "a-shared-token", "\u00e4"])
async def test_token_of_nobody_opens_nothing(jupyter, token):
    async with new_browser() as client:
        answer = await client.get(f"{jupyter.url}api/me", params={"token": token})
    assert answer.status == 403


async def test_second_link_in_one_browser_changes_who_it_is(jupyter):
    async with new_browser() as client:
        for username in ("ana", "ben"):
            await client.get(f"{jupyter.url}api/me?token={jupyter.tokens[username]}")
            assert (await identity(client, jupyter))["username"] == username


@pytest.mark.parametrize("field", ["username", "name", "display_name", "initials", "color"])
async def test_nothing_about_a_person_changes_from_a_browser(jupyter, field):
    async with new_browser() as client:
        client.headers.update(jupyter.header("ana"))
        before = await identity(client, jupyter)
        await client.patch(f"{jupyter.url}api/me", json={field: "Ben Example"})
        assert await identity(client, jupyter) == before
        answer = await client.get(f"{jupyter.url}api/me")
        assert (await answer.json()).get("updatable_fields", []) == []


async def test_forged_cookie_is_refused(jupyter):
    async with new_browser() as client:
        await client.get(f"{jupyter.url}api/me?token={jupyter.tokens['ana']}")
        own = next(cookie for cookie in client.cookie_jar if cookie.key.startswith("username-"))
        forged = own.value[:-4] + ("0000" if not own.value.endswith("0000") else "1111")
    for value in (forged, json.dumps({"username": "ana", "key": "x"}), "2|1:0|"):
        async with aiohttp.ClientSession(cookies={own.key: value}) as other:
            assert (await other.get(f"{jupyter.url}api/me")).status == 403


async def test_person_who_is_removed_is_signed_out_even_if_added_again(tmp_path, echo_command):
    with running_jupyter(tmp_path / "jupyter", echo_command) as jupyter:
        directory = PeopleDirectory(tmp_path / "jupyter" / "people.json")
        async with new_browser() as client, new_browser() as other:
            await client.get(f"{jupyter.url}api/me?token={jupyter.tokens['ana']}")
            await other.get(f"{jupyter.url}api/me?token={jupyter.tokens['ben']}")
            directory.remove("ana")
            assert await identity(client, jupyter) == {}
            directory.add("ana", "Somebody Else")
            assert await identity(client, jupyter) == {}
            assert (await identity(other, jupyter))["username"] == "ben"


async def test_nobody_gets_in_while_the_file_cannot_be_trusted(tmp_path, echo_command):
    with running_jupyter(tmp_path / "jupyter", echo_command) as jupyter:
        async with new_browser() as client:
            await client.get(f"{jupyter.url}api/me?token={jupyter.tokens['ana']}")
            Path(tmp_path / "jupyter" / "people.json").write_text("{")
            assert await identity(client, jupyter) == {}
        assert "Nobody can sign in" in jupyter.log


async def test_plain_jupyter_people_keep_their_anonymous_names(tmp_path, echo_command):
    """With Jupyter's own identity provider each browser is somebody, and stays it."""
    with running_jupyter(tmp_path / "jupyter", echo_command, people=()) as jupyter:
        seen = []
        for _ in range(2):
            async with new_browser() as client:
                await client.get(f"{jupyter.url}api/me?token=a-shared-token")
                me = await identity(client, jupyter)
                for _ in range(2):
                    answer = await client.get(f"{jupyter.url}voxcord/api/v1/echo", headers={"Referer": jupyter.url})
                    claims = (await answer.json())["identity"]
                    assert (claims["sub"], claims["name"]) == (me["username"], me["display_name"])
                seen.append(me["username"])
    assert len(set(seen)) == 2
