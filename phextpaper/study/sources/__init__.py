"""Readers of what this paper alone brings along."""
