"""HTTP routes, a resource a file: parse, call, shape."""
