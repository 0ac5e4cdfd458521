"""Smaller truths: values in, values out."""
