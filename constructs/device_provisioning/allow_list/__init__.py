"""The list of devices that may register: its records, and the table that holds them."""
