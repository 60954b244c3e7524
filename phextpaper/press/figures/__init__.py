"""The drawing kit and its one style."""
