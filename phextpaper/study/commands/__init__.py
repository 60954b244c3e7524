"""The commands of the console program; each file is imported when one of its commands is called."""
