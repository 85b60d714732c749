"""What every verb shares: one client of AWS, files, interruptions, exit statuses."""
