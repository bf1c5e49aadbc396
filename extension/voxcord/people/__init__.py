"""Several people on one Jupyter server, each with a token of their own.

In `jupyter_server_config.py`::

    c.ServerApp.identity_provider_class = "voxcord.people.PeopleIdentityProvider"
    c.PeopleIdentityProvider.people_file = "/home/ana/voxcord-people.json"
"""

from __future__ import annotations

from .directory import PeopleDirectory, PeopleFileError, Person
from .identity_provider import PeopleIdentityProvider

__all__ = ["PeopleDirectory", "PeopleFileError", "PeopleIdentityProvider", "Person"]
