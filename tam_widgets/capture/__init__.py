"""From pictures and words to the record of a model's answer; what needs torch lives here."""
