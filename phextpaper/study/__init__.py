"""The paper itself: what is named, drawn, tabulated, decided."""
