"""Charts of one project: each from the same figures that its words are made of, with those words as its twin."""
