"""The fake Slack, held against the real thing: Slack's own SDK calls it, and a real Bolt app listens to it."""
