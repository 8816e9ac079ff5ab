"""Pictures of work: a chart's figures as PNG. Drawn in a process of its own (``python -m reports.drawing``), because
drawing takes long and the libraries it needs take memory that a bot without pictures should not pay for.
"""
