# Written by scripts/derive from openapi/v1.yaml and compat/vimmerse/compat/rules/. Do not edit: change those,
# then run scripts/derive again.

"""One method for each v1 operation."""
