// Postroad
