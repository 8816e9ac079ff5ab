"""The pure arithmetic of work: dates, working days, tasks. No I/O, no clock; time is an argument."""
