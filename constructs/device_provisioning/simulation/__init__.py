"""What each device would get, worked out without AWS."""
