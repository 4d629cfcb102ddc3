"""How good a result is: scores, their intervals, what they must beat, and the files and cards that say so."""
