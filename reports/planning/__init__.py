"""Figures of a project, gathered once: what text, tables and pictures are made from alike."""
