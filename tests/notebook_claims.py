"""What the shipped notebooks say of their own results, as assertions on their variables.

Each is run as one more cell behind the notebook that it belongs to.
"""

CLAIMS = {
    "01_quickstart.ipynb": """
# "of" and "and" light up without ECI, and little is left with it; "tree" and "flower" keep theirs
for word in ("of", "and"):
    (token,) = explanation.find(word)
    assert without[token].max() > 0.8, word
    assert full[token].max() < 0.5 * without[token].max(), word
for word in ("tree", "flower"):
    (token,) = explanation.find(word)
    assert full[token].max() > 0.8 * without[token].max(), word
# the answer to the question asked in the chat is right
assert chat.explanations[-1].text.strip() == dict(scene.questions)["What is left of the tree?"]
# for a word that is not in the picture nothing speaks as strongly as for the one written
assert contrast.max() > -contrast.min()
""",
}
