// Spooling
