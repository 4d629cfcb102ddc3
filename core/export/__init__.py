"""Results in formats others read; each is loaded again and compared with the model before it is called done."""
