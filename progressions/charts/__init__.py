"""Charts: measure frames to Altair charts with title, finding, alternative text and table twin."""
