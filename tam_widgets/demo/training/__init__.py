"""How the demo models were made. Run ``python -m tam_widgets.demo.training --help``."""
