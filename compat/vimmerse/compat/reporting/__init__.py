"""Reports about v1 calls: what was called from where, what was lost, and what to do next."""
