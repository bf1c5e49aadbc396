"""Passes requests of signed-in people to the service, and its answers back."""
