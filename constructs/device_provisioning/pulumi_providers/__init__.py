"""What pulumi-aws can't create itself: dynamic providers, one module each.

A state names these classes by their modules: a module that is moved or renamed breaks the stacks that exist.
"""
