"""What comes in at each door, and what goes out through it."""
