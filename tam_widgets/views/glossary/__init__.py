"""The glossary: the field's terms, a sentence and a small picture each."""

from .widget import Glossary, glossary

__all__ = ["Glossary", "glossary"]
