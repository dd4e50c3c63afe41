"""The mapping from v1 to v2, as data: one module a resource, one table an operation."""
