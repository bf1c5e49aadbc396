"""What the proxy tells the service about people."""

from __future__ import annotations

import time

import jwt
import pytest
from jupyter_server.auth import User

from voxcord.identity import UnusableIdentityError, sign_identity

SECRET = b"0123456789abcdef0123456789abcdef"


def claims_of(token: str) -> dict:
    return jwt.decode(token, SECRET, algorithms=["HS256"], audience="voxcord-service", issuer="voxcord-jupyter")


def test_claims_are_those_of_the_contract():
    user = User("ana", "Ana", "Ana Sousa", "AS", None, "#112233")
    now = int(time.time())
    assert claims_of(sign_identity(user, SECRET, now)) == {
        "iss": "voxcord-jupyter",
        "aud": "voxcord-service",
        "sub": "ana",
        "name": "Ana Sousa",
        "initials": "AS",
        "color": "#112233",
        "iat": now,
        "exp": now + 60,
    }


def test_claims_that_nobody_knows_are_left_out():
    claims = claims_of(sign_identity(User("6f1c"), SECRET))
    assert claims["name"] == "6f1c"
    assert {"initials", "color"}.isdisjoint(claims)


def test_long_names_are_cut_but_never_usernames():
    claims = claims_of(sign_identity(User("ana", "x" * 300, "x" * 300, "ABCDEF", None, "x" * 65), SECRET))
    assert (len(claims["name"]), claims["initials"]) == (255, "ABCD")
    assert "color" not in claims
    with pytest.raises(UnusableIdentityError):
        sign_identity(User("x" * 256), SECRET)


def test_identity_ends_after_a_minute():
    with pytest.raises(jwt.ExpiredSignatureError):
        claims_of(sign_identity(User("ana"), SECRET, time.time() - 61))


def test_short_secret_is_refused():
    with pytest.raises(ValueError, match="32"):
        sign_identity(User("ana"), b"short")
