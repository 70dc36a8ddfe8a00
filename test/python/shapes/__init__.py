"""The shapes of the installed botocore against the server: see ../test_shapes.py."""
