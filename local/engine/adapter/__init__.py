"""Starts MiniStack 1.5.33 with corrections in the same process.

A local run then behaves as AWS does where Cordon depends on it.
"""
