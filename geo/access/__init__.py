"""Who may do and see what: actors, areas as path ranges, reasons to look beyond them."""
