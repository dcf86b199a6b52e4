"""Bytes to cells and back: reading, parsing rubrics and ratings, writing templates and exports."""
