"""What an evaluation found: tables, intervals, runs for the gallery, an HTML page."""
