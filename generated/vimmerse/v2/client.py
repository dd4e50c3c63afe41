# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

"""The clients: where the API is, the key, and how to connect."""

from vimmerse._http.client import DEFAULT_TIMEOUT, BaseAuthenticatedClient, BaseClient

DEFAULT_BASE_URL = "https://api.vimmerse.net"
USER_AGENT = "vimmerse/0.1.0 (v2)"


class Client(BaseClient):
    __doc__ = BaseClient.__doc__
    _default_base_url = DEFAULT_BASE_URL
    _user_agent = USER_AGENT


class AuthenticatedClient(BaseAuthenticatedClient, Client):
    __doc__ = BaseAuthenticatedClient.__doc__


__all__ = ["DEFAULT_BASE_URL", "DEFAULT_TIMEOUT", "USER_AGENT", "AuthenticatedClient", "Client"]
