"""`python -m phextpaper` is the console program."""

from phextpaper.press.cli import main

main()
