// Nothing is called by name: see MutexSynchronization.c.
