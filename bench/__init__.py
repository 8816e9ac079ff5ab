"""The numbers: measured on demand, printed with medians, never a test."""
