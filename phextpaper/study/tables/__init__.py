"""The paper's tables, each from one source: as Markdown, with every number's lineage, and as LaTeX."""
