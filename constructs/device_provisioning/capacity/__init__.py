"""How long a number of devices takes to enrol, which quota of AWS holds them up, and what it costs."""
