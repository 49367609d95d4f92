"""Drawings to scale, from millimetres to SVG: pure functions."""
