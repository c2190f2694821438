"""Request and response bodies, named as the routes."""
