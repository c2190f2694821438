"""HTTP and the command line: parse, call, shape. The top of the stack."""
