"""Commands that every paper has."""
