"""What the scenarios stand on: a router of their own, and the real servers around it."""
