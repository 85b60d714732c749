"""Certificates that the command makes: of a test bench's CA, and the claim of a trusted user."""
