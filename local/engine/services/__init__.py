"""Real servers for services of the engine: processes in place of containers."""
