"""A table written as Markdown and as LaTeX."""
