"""Measures one answer: its maps against a mask, its words, its text."""
