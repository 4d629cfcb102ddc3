"""What the person keeps on disk: projects and their runs, and the samples to begin with."""
