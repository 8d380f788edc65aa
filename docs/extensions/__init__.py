"""What the site needs beyond Sphinx and MyST, one idea a module."""
