"""Slack over HTTP, on both its ways: what people do there, and what we send."""
