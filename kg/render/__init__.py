"""A finished graph as one self-contained HTML page that asks no network for anything."""

from kg.render.page import render

__all__ = ["render"]
