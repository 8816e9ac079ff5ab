"""The only SQL: tables, the one writer, inbox, outbox and the books of work."""
