"""What one command measures of a checkpoint: its overhead, its methods, their faithfulness."""
