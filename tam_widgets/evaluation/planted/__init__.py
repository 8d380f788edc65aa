"""Methods judged by models whose reason for a word is known, because it was planted."""
