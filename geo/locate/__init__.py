"""From a location to its cells and to the team that answers there."""
