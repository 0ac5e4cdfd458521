"""The keeping, on both databases."""
