"""`python -m phextpaper` is the console program."""

from phextpaper.cli import main

main()
