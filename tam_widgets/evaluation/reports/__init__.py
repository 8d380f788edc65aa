"""What a run found: tables, intervals, cases for the gallery, notes, one HTML page."""
