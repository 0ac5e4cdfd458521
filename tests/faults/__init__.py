"""Kills, cuts and floods: what becomes of what people said."""
