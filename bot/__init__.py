"""Composition: configuration, life cycle, intake, dispatch, courier, alarm and the command line."""
