"""Teams as a platform: parcels to it, and what became of them."""
