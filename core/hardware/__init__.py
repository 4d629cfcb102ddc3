"""What this machine is made of, found without torch."""
