"""Qt item models over core.library: the model answers for any row, the view asks for those it shows."""
