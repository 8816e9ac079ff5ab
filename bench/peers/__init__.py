"""Other bots beside this one: ``python -m bench.peers``. Each child is a whole program on its own framework."""
