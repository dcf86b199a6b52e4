"""Progressions: partnerships assess themselves together, and see how they have moved."""
