from .jobs import render

__all__ = ["render"]
