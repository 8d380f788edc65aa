"""Still pictures of explanations."""
