"""The runtime of the generated clients, one for all versions of the API.

Users import its names from ``vimmerse.v1`` and ``vimmerse.v2``. It knows nothing of the compat layer.
"""

API_KEY_HEADER = "X-Api-Key"
