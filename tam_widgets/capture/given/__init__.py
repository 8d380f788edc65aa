"""Explanations of what is given from outside: answers and maps of other tools; no torch."""
