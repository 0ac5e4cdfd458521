"""The whole in a real browser and as a real process."""
