"""The mapping from v1 to v2 as data: a module per resource, a table per operation."""
