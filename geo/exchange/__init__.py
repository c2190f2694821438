"""Files in: formats, columns, row errors, imports that are all or nothing."""
