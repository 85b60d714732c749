"""This library's own plan: settings, names, alarms, functions and their roles, the same with every engine."""
