"""The window. Qt only: it never imports what trains, and starts runs as processes of their own."""
