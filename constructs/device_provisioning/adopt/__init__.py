"""From a template of an account to a program that describes it."""
