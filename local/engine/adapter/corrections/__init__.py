"""A file for each correction.

NAME is the name of the file, WRONG says what the stock engine does, AWS says where the right
behaviour is documented, and install() replaces functions of the engine.
"""
