"""E-mail, one way: what cannot be said in any chat goes to the address somebody gave."""
