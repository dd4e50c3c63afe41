# Written by scripts/regenerate from openapi/v2.yaml. Do not edit: change that file or openapi/templates/,
# then run scripts/regenerate again.

"""Types that the models and operations share. They are the same in both versions."""

from vimmerse._http.types import *
from vimmerse._http.types import __all__ as __all__
