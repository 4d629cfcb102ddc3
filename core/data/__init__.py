"""The person's data: read as it is, explained, imported once, split.

    imported = open_data(options)                  # core.data.open: an Arrow table in memory-mapped standard columns
    parts = split(imported.table, options)         # core.data.splits: {"train": rows, "validation": rows, "test": rows}
    classes = imported.labels()                    # the names of the training part's classes, in natural order
    said = inspect(options, task_id=None)          # core.data.inspect: what a person should know before training
    inputs, bad = read_inputs(given, kind, reads)  # core.data.inputs: texts or pictures without labels, to predict on
    pixels = image_cache(paths, geometry)          # core.data.images: each picture decoded and resized once

Standard columns: `text` [, `text_pair`] or `image`, `width`, `height`; then `label`, `split`, `hash`, `file`, `row`.

A path goes through `find` (which files), `sources` (one module a format: files to rows of raw cells), `staging` (raw
cells on disk, so that a column can be judged as a whole), `columns` (which column means what), `standard` (usable
rows and bad rows). Nothing on the person's disk is changed; what Attune makes lies in its cache.
"""
