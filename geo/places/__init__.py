"""Places: estates, buildings, dwelling units and the ground they stand on."""
