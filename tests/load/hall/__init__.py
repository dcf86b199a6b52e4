"""Many visitors at once over the real websocket: `python -m tests.load.hall --help`."""
