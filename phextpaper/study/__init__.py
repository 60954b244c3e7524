"""This paper: what is named, drawn, tabulated, decided."""
