"""A run seen from outside: its folder. Light."""
