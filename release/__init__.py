"""What makes a release, and holds it to its promises before it is published; none of it is released."""
