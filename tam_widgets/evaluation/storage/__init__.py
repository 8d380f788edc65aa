"""The files of a report: its folder, and what is read from and written to it."""
