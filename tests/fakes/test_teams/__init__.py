"""The fake Teams, held against Microsoft's own clients."""
