"""What can be imported, one file a kind: its columns, its checks, and how it is written.

Each kind offers ``FIELDS``; ``check``, which reads a table into rows of the shape that the domain's
services take and reports what is wrong; and ``write``, which writes what differs and counts it.
"""
