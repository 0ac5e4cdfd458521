"""What tests stand on: a real database server, a real browser, a guarded network."""
