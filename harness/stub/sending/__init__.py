"""What the clinic changes goes to Docplanner: each change once, in order within a calendar, until it is accepted."""
