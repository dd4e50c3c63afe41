# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

"""What the operations raise. Both versions have the same classes."""

from vimmerse._http.errors import *
from vimmerse._http.errors import UNREADABLE as UNREADABLE
from vimmerse._http.errors import __all__ as __all__
from vimmerse._http.errors import from_response as from_response
from vimmerse._http.errors import json_object as json_object
