"""The training itself: the loop, its batches, its optimiser, its precision."""
