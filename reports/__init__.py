"""What the clock says: prompts, nudges, digests."""
