"""The build as a web site: static pages in which each number leads to where it comes from."""
