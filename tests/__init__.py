"""What Beside promises, said again by examples."""
