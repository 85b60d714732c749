"""A new project, made from templates."""
