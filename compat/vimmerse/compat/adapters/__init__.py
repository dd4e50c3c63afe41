"""Adapters for HTTP libraries: each converts the library's requests and responses, and sends."""
