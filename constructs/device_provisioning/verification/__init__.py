"""A disposable fleet in an account, and devices that try what this library promises."""
