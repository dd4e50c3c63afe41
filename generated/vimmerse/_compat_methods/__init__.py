# Written by scripts/derive from openapi/v1.yaml and compat/vimmerse/compat/rules/. Do not edit: change those,
# then run scripts/derive again.

"""The methods of CompatClient: one for each v1 operation."""
