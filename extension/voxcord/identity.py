"""Signs who is asking. The service believes nothing else."""

from __future__ import annotations

import time
from typing import Any

import jwt
from jupyter_server.auth import User

IDENTITY_HEADER = "x-voxcord-identity"
ISSUER = "voxcord-jupyter"
AUDIENCE = "voxcord-service"
ALGORITHM = "HS256"

LIFETIME = 60  # seconds
SHORTEST_SECRET = 32  # bytes
_LONGEST_NAME = 255
_LONGEST_INITIALS = 4
_LONGEST_COLOUR = 64


class UnusableIdentityError(Exception):
    """The identity provider names a person in a way that the service cannot keep."""


def identity_claims(user: User, now: float) -> dict[str, Any]:
    """Claims for a signed-in person (`IdentityClaims` in schemas/).

    `sub` is the username: the only thing about a person that never changes. Raises `UnusableIdentityError` rather
    than shorten it: two people must never become one.
    """
    if not user.username or len(user.username) > _LONGEST_NAME:
        raise UnusableIdentityError(f"Voxcord takes usernames of 1 to {_LONGEST_NAME} characters.")
    claims: dict[str, Any] = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": user.username,
        "name": (user.display_name or user.name or user.username)[:_LONGEST_NAME],
        "iat": int(now),
        "exp": int(now) + LIFETIME,
    }
    if user.initials:
        claims["initials"] = user.initials[:_LONGEST_INITIALS]
    if user.color and len(user.color) <= _LONGEST_COLOUR:
        claims["color"] = user.color
    return claims


def sign_identity(user: User, secret: bytes, now: float | None = None) -> str:
    """A compact JWS that is valid for a minute."""
    if len(secret) < SHORTEST_SECRET:
        raise ValueError(f"The identity secret must have at least {SHORTEST_SECRET} bytes.")
    return jwt.encode(identity_claims(user, time.time() if now is None else now), secret, algorithm=ALGORITHM)
