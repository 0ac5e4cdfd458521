"""Platforms as they behave, without the platforms: stateful, strict, and spoken to with the vendor's own client."""
