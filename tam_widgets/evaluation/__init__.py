"""Measures of explanations: are the maps on the objects that the words name?"""
