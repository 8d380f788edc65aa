"""From what a user has, pictures, videos and words, to a model's inputs."""
