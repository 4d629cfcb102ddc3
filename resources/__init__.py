"""Files that travel with Attune: samples, icons, guide. A package, so that importlib.resources finds them."""
