"""Readers of finished texts that several criteria share, one file a subject."""
