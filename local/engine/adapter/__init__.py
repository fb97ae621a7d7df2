"""Starts MiniStack 1.5.33 with in-process corrections, so that a local run behaves as AWS where Cordon depends on it."""
