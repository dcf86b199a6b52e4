"""Measures: frames in, frames out. Holds no input, no output and no drawing."""
